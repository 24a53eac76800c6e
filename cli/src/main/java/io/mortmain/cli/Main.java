package io.mortmain.cli;

import io.mortmain.cli.output.UnwritableException;
import io.mortmain.errors.RegionException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point: sub-commands, exit codes and one-sentence errors. */
@Command(
        name = "mortmain",
        description = "Shared memory regions and robust process-shared mutexes for Java on Linux.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            TortureCommand.class,
            ClaimsCommand.class,
            ExploreCommand.class,
            JavaCommand.class,
            LsCommand.class,
            InspectCommand.class,
            GetCommand.class,
            SetCommand.class,
            ResetCommand.class,
            RmCommand.class,
            LockCommand.class,
            DoctorCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "Exit codes:",
            "  0  ok",
            "  1  failed",
            "  2  wrong usage",
            "  4  what was named does not exist",
            "lock, java and bench pass on the exit code of what they run. demo, torture, claims, explore, get, set, lock, rm and doctor have"
                    + " more of their own."
        })
public final class Main implements Runnable {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 4;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("DefaultCharset") // it is the charset of the stream
    public static void main(String[] args) {
        // A print writer over a print stream knows of the errors of both.
        System.exit(execute(commandLine().setOut(new PrintWriter(System.out, true)), args));
    }

    /** Fails, too, when what was printed did not arrive. */
    static int execute(CommandLine commandLine, String... args) {
        int exitCode = commandLine.execute(args);
        try {
            UnwritableException.require(commandLine.getOut());
            return exitCode;
        } catch (UnwritableException e) {
            return failure(e, commandLine);
        }
    }

    static CommandLine commandLine() {
        return configure(new CommandLine(new Main()).setExpandAtFiles(false)); // @ has no meaning in what is passed on
    }

    /** Reaches only the sub-commands that are there already. */
    static CommandLine configure(CommandLine commandLine) {
        return commandLine
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Main::usageError)
                .setExecutionExceptionHandler(Main::failureOnce);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command given.");
    }

    private static int usageError(ParameterException e, String... args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        say(e.getCommandLine(), problem(e), " See '" + command + " --help'.");
        return USAGE;
    }

    private static String problem(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String first = Printable.value(unmatched.getUnmatched().getFirst());
            CommandLine command = e.getCommandLine();
            return command.getParent() == null && !command.getSubcommands().isEmpty()
                    ? "There is no command " + first + "."
                    : "Unexpected argument " + first + ".";
        }
        List<String> unmatched = e.getCommandLine().getUnmatchedArguments();
        return e instanceof MissingParameterException && !unmatched.isEmpty()
                ? "Unknown option: '" + unmatched.getFirst() + "'."
                : message(e);
    }

    private static int failureOnce(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        // execute finds it again, and says it
        return e instanceof UnwritableException ? FAILED : failure(e, command);
    }

    static int failure(Exception e, CommandLine command) {
        if (isOf(e, RegionException.Reason.INVALID_ARGUMENT)) {
            return usageError(new ParameterException(command, message(e), e));
        }
        say(command, message(e), "");
        return e instanceof NotFoundException || isOf(e, RegionException.Reason.NOT_FOUND) ? NOT_FOUND : FAILED;
    }

    private static boolean isOf(Exception e, RegionException.Reason reason) {
        return e instanceof RegionException region && region.reason() == reason;
    }

    private static String message(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /** Says why, and ends with that exit code. */
    static int refused(CommandLine command, int exitCode, @Nullable String message) {
        say(command, String.valueOf(message), "");
        return exitCode;
    }

    /** Prints one line, whatever line breaks the message has. */
    private static void say(CommandLine command, String message, String hint) {
        String line = Printable.of(message.strip().replaceAll("\\s*\\R\\s*", " "));
        String end = line.endsWith(".") ? "" : ".";
        command.getErr().println("mortmain: " + line + end + hint);
        command.getErr().flush();
    }

    /** The version that the build wrote into the module. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var module = Main.class.getModule().getDescriptor();
            String version =
                    module == null ? "(unknown version)" : module.rawVersion().orElse("(unknown version)");
            return new String[] {"mortmain " + version + ", Java " + Runtime.version()};
        }
    }
}
