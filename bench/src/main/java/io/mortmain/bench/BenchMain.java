package io.mortmain.bench;

import io.mortmain.MutexKind;
import io.mortmain.bench.harness.Section;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code mortmain bench}: the benchmarks, one sub-command for each. */
@Command(
        name = "mortmain bench",
        description = "The benchmarks: measured against C in the same run.",
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = {LockCommand.class, GuardedCommand.class, TornCommand.class, SpawnCommand.class},
        footer = {"", "Exit codes: 0 measured, 1 failed, 2 wrong usage."})
public final class BenchMain implements Runnable {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("DefaultCharset") // it is the charset of the stream
    public static void main(String[] args) {
        // A print writer over a print stream knows of the errors of both.
        CommandLine commandLine = commandLine().setOut(new PrintWriter(System.out, true));
        int exitCode = commandLine.execute(args);
        if (commandLine.getOut().checkError()) {
            say(commandLine, "stdout cannot be written.", "");
            exitCode = FAILED;
        }
        System.exit(exitCode);
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchMain())
                .setUsageHelpWidth(100)
                .registerConverter(MutexKind.class, name -> constant(MutexKind.class, name))
                .registerConverter(Section.class, name -> constant(Section.class, name))
                .setParameterExceptionHandler(BenchMain::usageError)
                .setExecutionExceptionHandler(BenchMain::failure);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        E[] constants = type.getEnumConstants();
        return Stream.of(constants)
                .filter(constant -> word(constant).equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no " + name + "; give one of "
                        + Stream.of(constants).map(BenchMain::word).collect(Collectors.joining(", ")) + "."));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No benchmark given.");
    }

    private static int usageError(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        boolean unknown = e instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && e.getCommandLine().getParent() == null;
        String message = unknown
                ? "There is no benchmark "
                        + ((UnmatchedArgumentException) e).getUnmatched().getFirst() + "."
                : message(e);
        say(e.getCommandLine(), message, " See '" + command + " --help'.");
        return USAGE;
    }

    private static int failure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        say(command, message(e), "");
        return FAILED;
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void say(CommandLine command, String message, String hint) {
        String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
        command.getErr().println("mortmain: " + line + (line.endsWith(".") ? "" : ".") + hint);
        command.getErr().flush();
    }
}
