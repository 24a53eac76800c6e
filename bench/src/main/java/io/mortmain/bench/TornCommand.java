package io.mortmain.bench;

import io.mortmain.bench.harness.TornBenchmark;
import io.mortmain.bench.harness.TornSettings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mortmain bench torn}. */
@Command(
        name = "torn",
        description = "Kills a process between two stores that belong together, and looks what the next one finds.",
        sortOptions = false,
        footer = {
            "",
            "By each means in turn: a writer moves one from the first number to the second. It is killed by SIGKILL after the first store;"
                    + " where the means lets no program be between the stores, in the function that computes them, or while it"
                    + " moves as fast as it can. Then another process, which had it open before, takes the lock or begins a"
                    + " transaction as the means intends. Who does not get in is waited for 3 seconds, the last time 2 minutes.",
            "",
            "Exit codes: 0 tried, 1 could not be tried or guarded data was torn or kept, 2 wrong usage."
        })
final class TornCommand implements Callable<Integer> {
    private static final int MOST_KILLS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--quick",
            description = "Two kills each, and nobody waits for long: half a minute instead of minutes.")
    private boolean quick;

    @Option(names = "--kills", paramLabel = "N", description = "Kills by each means, 1 to 10000. Default: 20.")
    private @Nullable Integer kills;

    @Option(names = "--json", description = "Prints JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() {
        if (kills != null && (kills < 1 || kills > MOST_KILLS)) {
            throw new ParameterException(
                    spec.commandLine(), "--kills is " + kills + " and must be 1 to " + MOST_KILLS + ".");
        }
        TornSettings settings = quick ? TornSettings.quick() : TornSettings.full();
        if (kills != null) {
            settings = settings.withKills(kills);
        }
        if (!json) {
            RawFile.removeLeftovers(spec);
        }
        new TornBenchmark(settings, spec.commandLine().getOut()).run(RawFile.commandLine(spec), json);
        return 0;
    }
}
