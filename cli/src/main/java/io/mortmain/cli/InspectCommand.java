package io.mortmain.cli;

import io.mortmain.Region;
import io.mortmain.RegionSnapshot;
import io.mortmain.errors.RegionException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain inspect}. */
@Command(
        name = "inspect",
        sortOptions = false,
        description = {
            "Shows what is in a region: its objects, where they are, and each mutex field by field.",
            "",
            "Nothing is opened for use or changed. The fields of a mutex in use are not read at one instant.",
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

    @Parameters(paramLabel = "NAME", description = "A region in /dev/shm, or a path with a slash in it.")
    private String name;

    @Option(names = "--json", description = "Print one JSON object on one line.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        RegionSnapshot region = inspect();
        if (json) {
            out.println(Json.of(RegionDescription.json(region)));
        } else {
            RegionDescription.text(region).forEach(out::println);
        }
        out.flush();
    }

    private RegionSnapshot inspect() {
        try {
            return Region.inspect(name);
        } catch (RegionException refusal) {
            throw ForeignRegion.explain(name, refusal);
        }
    }
}
