package io.mortmain.cli.claims;

import static io.mortmain.cli.claims.MortmainMain.say;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.SpawnException;
import io.mortmain.process.Spawn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Programs that a JVM starts while its threads hold mutexes of every kind. */
final class StartedPrograms {
    private static final long CAPACITY = 4096;
    private static final int PROGRAMS = 20;
    private static final int ANSWER = 7;

    private final List<RobustMutex> mutexes;

    private StartedPrograms(Region region) {
        mutexes = Stream.of(MutexKind.values())
                .map(kind -> region.mutex(kind.name(), kind, null))
                .toList();
    }

    static void observe(String path, String program) throws Exception {
        String answer = Integer.toString(ANSWER);
        try (Region region = Region.create(path, CAPACITY)) {
            StartedPrograms programs = new StartedPrograms(region);
            programs.whileOthersHold(
                    "ProcessBuilder",
                    "ProcessBuilder while others hold",
                    () -> new ProcessBuilder(program, "quit", answer).start().waitFor());
            RobustMutex own = region.mutex("own");
            try (Hold section = own.lock()) {
                programs.whileOthersHold(
                        "Spawn",
                        "Spawn from within a section, others hold, too",
                        () -> Spawn.of(program, "quit", answer).start().await().shellCode());
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

    private void whileOthersHold(String way, String observation, Callable<Integer> start) throws Exception {
        CountDownLatch held = new CountDownLatch(mutexes.size());
        CountDownLatch mayRelease = new CountDownLatch(1);
        List<Thread> holders = new ArrayList<>();
        for (RobustMutex mutex : mutexes) {
            holders.add(Thread.ofPlatform().start(() -> holdUntil(mutex, held, mayRelease)));
        }
        held.await();
        int ran = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            ran += start.call() == ANSWER ? 1 : 0;
        }
        say(observation, ran + " of " + PROGRAMS);
        boolean unharmed = mutexes.stream().allMatch(mutex -> mutex.tryLock() == null);
        mayRelease.countDown();
        for (Thread holder : holders) {
            holder.join();
        }
        for (RobustMutex mutex : mutexes) {
            unharmed &= isFree(mutex);
        }
        say("the locks after " + way, unharmed ? "unharmed" : "harmed");
    }

    private static boolean isFree(RobustMutex mutex) {
        try (Hold hold = mutex.tryLock()) {
            return hold != null && !hold.predecessorDied();
        }
    }

    private static void holdUntil(RobustMutex mutex, CountDownLatch held, CountDownLatch mayRelease) {
        try (Hold hold = mutex.lock()) {
            held.countDown();
            mayRelease.await();
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }
}
