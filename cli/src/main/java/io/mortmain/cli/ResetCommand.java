package io.mortmain.cli;

import io.mortmain.RegionSnapshot.Kind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain reset}. */
@Command(
        name = "reset",
        sortOptions = false,
        description = {
            "Makes a mutex that is not recoverable usable again.",
            "",
            "A mutex is in that state after a holder was told of a death and released it without declaring the data consistent. With"
                    + " this command you vouch that the data behind it is whole: look at it, and repair it, first. A mutex in any"
                    + " other state is left alone. Guarded data and heaps that a program gave up are rolled back: they are whole.",
            ""
        },
        footer = {
            "",
            "Exit codes:",
            "  0  reset",
            "  1  the mutex is not in that state, or the region cannot be used",
            "  2  wrong usage",
            "  4  there is no such region, or no such mutex in it"
        })
final class ResetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RegionArgument region = new RegionArgument();

    @Parameters(index = "1", paramLabel = "OBJECT", description = "The mutex, guarded record, guarded array or heap.")
    private String object;

    @Option(
            names = "--foreign",
            description = "Reset it also if the region belongs to another user, who can then disturb us.")
    private boolean foreign;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        Kind kind = MutexReset.reset(region.name(), NameOnCommandLine.require(object), foreign);
        String name = Printable.of(object) + " of region " + Printable.of(region.name());
        spec.commandLine()
                .getOut()
                .println(
                        switch (kind) {
                            case GUARDED ->
                                "Guarded " + name + " is usable again; what was left half done is rolled back.";
                            case HEAP -> "Heap " + name + " is usable again; what was left half done is rolled back.";
                            default -> "Mutex " + name + " is usable again; that its data is whole rests on your word.";
                        });
        spec.commandLine().getOut().flush();
        return Main.OK;
    }
}
