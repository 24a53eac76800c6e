package io.mortmain.cli;

import io.mortmain.cli.rm.RegionInUseException;
import io.mortmain.cli.rm.RegionRemoval;
import io.mortmain.errors.RegionException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain rm}. */
@Command(
        name = "rm",
        sortOptions = false,
        description = {
            "Removes regions that nobody uses.",
            "",
            "A region is left alone while a living process has its file mapped or open, or a command that mortmain lock started for it"
                    + " still runs; so is any file that is not a region. Of several regions, each that can be removed is removed.",
            ""
        },
        footer = {
            "",
            "Where the kernel grants a lease (F_SETLEASE) on the file, nobody uses it. Who does is read from /proc, where an ordinary user"
                    + " may not look at the processes of others.",
            "",
            "Exit codes; of several regions, that of the first that was left alone:",
            "  0  removed",
            "  1  the file is not a region, or may not be removed",
            "  2  wrong usage",
            "  3  the region is in use, or may be",
            "  4  there is no such region"
        })
final class RmCommand implements Callable<Integer> {
    static final int IN_USE = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME",
            description = "Regions in /dev/shm, or paths with a slash in them.")
    private List<String> names = List.of();

    @Option(
            names = "--force",
            description =
                    "Remove a region also if not everybody who may use it can be looked at; never one that is known to be in"
                            + " use.")
    private boolean force;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        int exitCode = Main.OK;
        for (String name : names) {
            int one = remove(name);
            exitCode = exitCode == Main.OK ? one : exitCode;
        }
        return exitCode;
    }

    private int remove(String name) {
        try {
            RegionRemoval.remove(name, SharedMemoryFolder.file(NameOnCommandLine.require(name)), force);
            return Main.OK;
        } catch (RegionInUseException used) {
            return Main.refused(spec.commandLine(), IN_USE, used.getMessage());
        } catch (RegionException refusal) {
            return Main.failure(ForeignRegion.explain(name, refusal), spec.commandLine());
        }
    }
}
