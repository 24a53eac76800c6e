package io.mortmain.cli;

import io.mortmain.cli.demo.Demo;
import io.mortmain.cli.demo.DemoResult;
import io.mortmain.cli.demo.DemoSettings;
import io.mortmain.cli.demo.Display;
import io.mortmain.cli.demo.PlantedBug;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mortmain demo}. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Shows that no dead process keeps a lock: workers move money between 64 accounts of a guarded array and die in every way.",
            "",
            "Workers are processes, half of them in Java and half in C, compiled just now, where there is a C compiler. They are killed by"
                    + " SIGKILL, and on order they exit, halt, or (C) end a thread or exec while they hold the accounts' mutex, in the middle of a"
                    + " transfer. A transfer is one transaction: a Java worker computes it and writes it at the end, at once, a C worker writes in"
                    + " between. What a dead one had written of it is rolled back before the next holder sees the accounts; nobody repairs anything.",
            "",
            "Six of ten kills (with Java workers only: three of four) are aimed: they wait up to 3 ms until a worker of the chosen language holds the mutex and hit that one. After"
                    + " one of seven kills the next holder is aimed at too. All others hit any worker at any moment. Java workers are"
                    + " killed less often than C workers, because to start one takes longer.",
            ""
        },
        footer = {
            "",
            "holding, waiting, elsewhere: where the dead worker was, by what it and its successor left in shared memory.",
            "told, p50, p99: next holders that found that the one before them had died, and the time from the death (just before the signal is"
                    + " sent, or the last words of a worker that ends itself) until they went on.",
            "rolled back: transfers of C workers that died after the first of two writes.",
            "The picture is redrawn in place on a terminal that is large enough for it (80 columns and 22 rows always are);"
                    + " elsewhere, or with NO_COLOR or TERM=dumb set, it is a line a second."
                    + " When nobody reads what it prints any more, the demo ends.",
            "If the demo itself is killed by SIGKILL, its workers notice, remove the region and end; the region stays only when they are"
                    + " killed too.",
            "",
            "Exit codes:",
            "  0    nothing was lost, nobody hung, holders did die and each time the next one went on",
            "  1    one of these is not so, or the demo could not run",
            "  2    wrong usage",
            "  130  ended by Ctrl-C; 143 ended by SIGTERM: workers and region are removed"
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long workers are killed, 1 to 86400. Default: 10.")
    private @Nullable String seconds;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description =
                    "Instead of --seconds: until so many processes were killed, 1 to 1000000; a third of the kills must hit a"
                            + " holder.")
    private @Nullable String kills;

    @Option(names = "--workers", paramLabel = "N", description = "2 to 32. Default: ${DEFAULT-VALUE}.")
    private String workers = "4";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides what is done when, and to which language. Default: random; it is printed.")
    private @Nullable String seed;

    @Option(names = "--json", description = "Print one JSON object at the end and nothing else; times in nanoseconds.")
    private boolean json;

    @Option(names = "--plant", hidden = true, description = "A mistake for worker 0, to show that it is found.")
    private PlantedBug bug = PlantedBug.NONE;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        DemoSettings settings = settings();
        SharedMemoryFolder.require();
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.println("Seed " + settings.seed() + ".");
        }
        DemoResult result = Demo.run(settings, json ? Display.none() : Display.on(out, settings.workers()));
        out.println(json ? Json.of(result.toJson()) : "\n" + result.verdict());
        out.flush();
        return result.isGood() ? Main.OK : Main.FAILED;
    }

    private DemoSettings settings() {
        if (seconds != null && kills != null) {
            throw new ParameterException(spec.commandLine(), "Give --seconds or --kills, not both.");
        }
        return new DemoSettings(
                (int) within("--seconds", seconds == null ? "10" : seconds, 1, DemoSettings.MOST_SECONDS),
                kills == null ? 0 : (int) within("--kills", kills, 1, DemoSettings.MOST_KILLS),
                (int) within("--workers", workers, DemoSettings.FEWEST_WORKERS, DemoSettings.MOST_WORKERS),
                seed == null
                        ? Math.abs(System.nanoTime() % 1_000_000)
                        : within("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE),
                bug);
    }

    private long within(String option, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // no number, or too large for any option: said below
        }
        throw new ParameterException(
                spec.commandLine(),
                option + " is " + Printable.value(value) + " and must be " + least + " to " + most + ".");
    }
}
