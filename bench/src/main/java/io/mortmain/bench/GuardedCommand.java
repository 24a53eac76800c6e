package io.mortmain.bench;

import io.mortmain.bench.harness.GuardedBenchmark;
import io.mortmain.bench.harness.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    RawFile file = new RawFile();

    @Override
    public Integer call() {
        Settings settings = howMuch.settings(spec);
        file.requireNamed(spec);
        RawFile.removeLeftovers(spec);
        new GuardedBenchmark(settings, spec.commandLine().getOut())
                .run(RawFile.commandLine(spec), file.orDefault(spec));
        return 0;
    }
}
