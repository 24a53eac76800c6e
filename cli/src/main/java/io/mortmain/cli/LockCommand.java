package io.mortmain.cli;

import io.mortmain.RegionOptions;
import io.mortmain.cli.lock.LockFailure;
import io.mortmain.cli.lock.LockSettings;
import io.mortmain.cli.lock.LockedRun;
import io.mortmain.errors.RegionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain lock}. */
@Command(
        name = "lock",
        sortOptions = false,
        customSynopsis = "mortmain lock NAME [--timeout D] [--recover CMD] [--mode M] [--foreign] -- CMD [ARG...]%n",
        description = {
            "Runs a command under a lock, as flock(1) does, and tells it if the last holder died.",
            "",
            "The lock is mutex \"lock\" of region NAME, which is created if there is none. The command runs in a process group of its own and"
                    + " has the lock until it ends. If mortmain itself is killed, nobody else gets in by mortmain lock while the command, or"
                    + " what it left running in its group, still runs. SIGTERM, SIGINT and SIGHUP to mortmain are passed on to the group;"
                    + " after one that came during a recovery, the command does not run.",
            "",
            "The command has the standard streams, the other descriptors that mortmain was started with (3>file), and the terminal while"
                    + " the shell has mortmain in the foreground: Ctrl-C reaches it, and it stops and goes on with Ctrl-Z, fg and bg.",
            "",
            "A holder died if its command was killed by a signal, or mortmain lock was. The next command is told by its environment:",
            "  MORTMAIN_PREDECESSOR_DIED  1",
            "  MORTMAIN_PREDECESSOR_PID   process number of the dead command, where known",
            "  MORTMAIN_PREDECESSOR_HOW   \"signal N\": that killed the command; \"lock died\": mortmain lock",
            "                             was killed, the command went on alone; not set: not known",
            "If the command then ends with exit code 0, the death is dealt with; otherwise the next one is told again.",
            ""
        },
        footer = {
            "",
            "A command that leaves its process group (a daemon) is not waited for, and one that ends by itself leaves the lock to the next"
                    + " even if it left others running.",
            "",
            "If the region is truncated while the command runs, others may run at the same time, or may not be told of a death; that is said"
                    + " at the end, and the exit code is that of the command.",
            "",
            "Exit codes: those of the command, and",
            "  1      the region cannot be used",
            "  2      wrong usage",
            "  4      the folder of the region does not exist",
            "  5      the time was over",
            "  6      the lock is not recoverable: another program gave it up; see mortmain reset",
            "  7      the recovery failed; the command did not run",
            "  126    the command cannot be executed; 127: it was not found",
            "  128+N  the command was killed by signal N, or mortmain before it ran the command"
        })
final class LockCommand implements Callable<Integer> {
    private static final int OCTAL = 8;
    private static final int ALL_PERMISSIONS = 0777;
    /** Without these its creator could not lock what it has created. */
    private static final int OF_OWNER = 0600;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RegionArgument region = new RegionArgument();

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "CMD",
            description = "The command and its arguments, taken as they are.")
    private List<String> command = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "D",
            description =
                    "How long to wait, such as 500ms, 2s, 1.5m or 1h; a plain number is seconds; 0: not at all. Default: as long as"
                            + " it takes.")
    private @Nullable String timeout;

    @Option(
            names = "--recover",
            paramLabel = "CMD",
            description =
                    "After a death, /bin/sh -c CMD runs first, told as above. If it ends with exit code 0, the death is dealt with;"
                            + " otherwise the command does not run, and the next one is told again.")
    private @Nullable String recovery;

    @Option(
            names = "--mode",
            paramLabel = "M",
            description =
                    "Permission bits of a region that is created, in octal, 600 to 777. Default: ${DEFAULT-VALUE}.")
    private String mode = "600";

    @Option(
            names = "--foreign",
            description = "Take the lock also if the region belongs to another user, who can then disturb us.")
    private boolean foreign;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        LockSettings settings = settings();
        try {
            return LockedRun.run(settings, spec.commandLine().getErr());
        } catch (LockFailure failure) {
            return Main.refused(spec.commandLine(), failure.exitCode(), failure.getMessage());
        } catch (RegionException refusal) {
            throw refusal.reason() == RegionException.Reason.NOT_FOUND
                    ? withoutFolder(settings.file(), refusal)
                    : ForeignRegion.explain(region.name(), refusal);
        }
    }

    /** A region that is missing would have been created. */
    private static RuntimeException withoutFolder(Path file, RegionException refusal) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null || Files.isDirectory(folder)
                ? refusal
                : new NotFoundException("There is no folder " + folder + " for region " + file
                        + "; create the folder, or give a name without /");
    }

    private LockSettings settings() {
        RegionOptions options =
                RegionOptions.DEFAULT.withMaxObjects(LockSettings.OBJECTS).withMode(permissions());
        return new LockSettings(
                region.name(),
                SharedMemoryFolder.file(region.name()),
                foreign ? options.withForeignOwner() : options,
                timeout == null ? null : time(timeout),
                recovery,
                command);
    }

    private Duration time(String given) {
        return TimeText.parse(given)
                .orElseThrow(() -> usage("--timeout is " + Printable.value(given) + " and must be a time of at most "
                        + TimeText.MOST_DAYS + " days such as 500ms, 2s, 1.5m or 1h."));
    }

    private int permissions() {
        try {
            int bits = Integer.parseInt(mode, OCTAL);
            if (bits >= OF_OWNER && bits <= ALL_PERMISSIONS) {
                return bits;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw usage("--mode is " + Printable.value(mode)
                + " and must be 600 to 777 in octal, so that its user may read and write.");
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
