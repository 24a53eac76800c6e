package io.mortmain.bench;

import io.mortmain.MutexKind;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mortmain bench}: the benchmarks, one sub-command for each. */
@Command(
        name = "mortmain bench",
        description = "The benchmarks: measured against C in the same run.",
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = LockCommand.class,
        footer = {"", "Exit codes: 0 measured, 1 failed, 2 wrong usage."})
public final class BenchMain implements Runnable {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchMain())
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(MutexKind.class, BenchMain::kind)
                .setParameterExceptionHandler(BenchMain::usageError)
                .setExecutionExceptionHandler(BenchMain::failure);
    }

    private static MutexKind kind(String name) {
        return MutexKind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No benchmark given.");
    }

    private static int usageError(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        say(e.getCommandLine(), e, " See '" + command + " --help'.");
        return USAGE;
    }

    private static int failure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        say(command, e, "");
        return FAILED;
    }

    private static void say(CommandLine command, Exception e, String hint) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
        command.getErr().println("mortmain: " + line + (line.endsWith(".") ? "" : ".") + hint);
        command.getErr().flush();
    }
}
