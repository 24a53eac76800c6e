package io.mortmain.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Stands for {@code mortmain bench} in the help: the launcher script starts the benchmarks itself, by exec. */
@Command(name = "bench", description = "Runs the benchmarks; every argument goes to them as it is.")
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Unmatched
    List<String> arguments = List.of();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Benchmarks are started by the mortmain launcher script, not by this class.");
    }
}
