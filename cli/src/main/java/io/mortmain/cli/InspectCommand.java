package io.mortmain.cli;

import io.mortmain.RegionSnapshot;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mortmain inspect}. */
@Command(
        name = "inspect",
        sortOptions = false,
        description = {
            "Shows what is in a region: its objects, where they are, each mutex field by field, guarded data and counters.",
            "",
            "Nothing is opened for use, locked or changed. The fields of a mutex in use are not read at one instant, and data may be half-written"
                    + " while somebody holds their mutex; mortmain get waits for it. Of each array the first 10 elements are shown.",
            ""
        },
        footer = {
            "",
            "Exit codes:",
            "  0  shown",
            "  1  the file is not a sound region, or may not be read",
            "  2  wrong usage",
            "  4  there is no such region"
        })
final class InspectCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RegionArgument region = new RegionArgument();

    @Option(names = "--json", description = "Print one JSON object on one line.")
    private boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        RegionSnapshot snapshot = ForeignRegion.inspect(region.name());
        if (json) {
            out.println(Json.of(RegionDescription.json(snapshot)));
        } else {
            RegionDescription.text(snapshot).forEach(out::println);
        }
        out.flush();
    }
}
