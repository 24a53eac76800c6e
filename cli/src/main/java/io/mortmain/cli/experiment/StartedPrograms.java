package io.mortmain.cli.experiment;

import static io.mortmain.cli.experiment.MortmainMain.say;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.SpawnException;
import io.mortmain.process.Spawn;

/** Programs that a JVM starts while its threads hold mutexes of every kind. */
final class StartedPrograms {
    private static final long CAPACITY = 4096;

    private StartedPrograms() {}

    static void observe(String path, String program) throws Throwable {
        String answer = Integer.toString(HeldByOthers.ANSWER);
        try (Region region = Region.create(path, CAPACITY)) {
            HeldByOthers others = new HeldByOthers(region);
            others.startPrograms(
                    "ProcessBuilder",
                    "ProcessBuilder while others hold",
                    () -> new ProcessBuilder(program, "quit", answer).start().waitFor());
            RobustMutex own = region.mutex("own");
            try (Hold section = own.lock()) {
                others.startPrograms(
                        "Spawn",
                        "Spawn from within a section, others hold, too",
                        () -> Spawn.of(program, "quit", answer).start().await().shellCode());
                say("a child of Spawn has", Inherited.of(Spawn.of(program, "inherited", path)));
                say(
                        "a child of Spawn that is given the region has",
                        Inherited.of(Spawn.of(program, "inherited", path).pass("region", region)));
                say("the section's own lock after Spawn", ForkedJvm.isKeptFromOthers(own) ? "still held" : "lost");
            }
            say("missing program, Spawn", failure(Spawn.of(program + ".none")));
        }
    }

    private static String failure(Spawn spawn) {
        try {
            return spawn.start().toString();
        } catch (SpawnException refused) {
            return "refused, " + refused.reason();
        }
    }
}
