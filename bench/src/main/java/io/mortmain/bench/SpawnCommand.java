package io.mortmain.bench;

import io.mortmain.bench.harness.SpawnBenchmark;
import io.mortmain.bench.harness.SpawnSettings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mortmain bench spawn}. */
@Command(
        name = "spawn",
        description = "Starts processes by turns with the JDK's ProcessBuilder, from a small JVM and from a large one.",
        sortOptions = false,
        footer = {
            "",
            "The small JVM has a heap of 12 MiB and the serial collector, and is left as large as it becomes, some 80 MiB.",
            "The large JVM has 4 GiB resident, every page touched, or half of what the machine has left; with --quick 1 GiB.",
            "",
            "Exit codes: 0 measured, 1 could not be measured, 2 wrong usage."
        })
final class SpawnCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 10_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--quick", description = "A minute or less, instead of several.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of each way, 1 to 10000. Default: 20.")
    private @Nullable Integer rounds;

    @Mixin
    RawFile file = new RawFile();

    @Override
    public Integer call() {
        if (rounds != null && (rounds < 1 || rounds > MOST_ROUNDS)) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds is " + rounds + " and must be 1 to " + MOST_ROUNDS + ".");
        }
        file.requireNamed(spec);
        SpawnSettings settings = quick ? SpawnSettings.quick() : SpawnSettings.full();
        new SpawnBenchmark(
                        rounds == null ? settings : settings.withRounds(rounds),
                        spec.commandLine().getOut())
                .run(RawFile.commandLine(spec), file.orDefault(spec));
        return 0;
    }
}
