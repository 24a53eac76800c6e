package io.mortmain.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mortmain ls}. */
@Command(
        name = "ls",
        sortOptions = false,
        description = {
            "Lists the regions in /dev/shm that this user may read.",
            "",
            "Nothing is opened for use or changed. A region that this process could not use is listed with the reason."
                    + " Files that may not be read, or whose names are not UTF-8, are left out.",
            ""
        },
        footer = {
            "",
            "Sizes are in bytes, times in UTC; OWNER is the number of the user.",
            "",
            "Exit codes:",
            "  0  listed, also when there is none",
            "  1  /dev/shm could not be read",
            "  2  wrong usage"
        })
final class LsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON array of objects on one line.")
    private boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public void run() {
        SharedMemoryFolder.require();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(RegionListing.json()));
        } else {
            RegionListing.table().forEach(out::println);
        }
        out.flush();
    }
}
