package io.mortmain.bench;

import io.mortmain.bench.harness.GuardedBenchmark;
import io.mortmain.bench.harness.Settings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mortmain bench guarded}. */
@Command(
        name = "guarded",
        description =
                "Measures changes of guarded data by turns with a bare lock, and with the same work by other means.",
        sortOptions = false,
        footer = {"", "Exit codes: 0 measured, 1 could not be measured, 2 wrong usage."})
final class GuardedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    HowMuch howMuch = new HowMuch();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the raw values go, as JSON. Default: bench-guarded-<timestamp>.json in this folder.")
    private @Nullable Path file;

    @Override
    public Integer call() {
        Settings settings = howMuch.settings(spec);
        RawFile.requireNamed(spec, file);
        RawFile.removeLeftovers(spec);
        new GuardedBenchmark(settings, spec.commandLine().getOut())
                .run(RawFile.commandLine(spec), RawFile.orDefault(file, "bench-guarded"));
        return 0;
    }
}
