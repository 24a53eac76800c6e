package io.mortmain.cli;

import io.mortmain.cli.claims.ClaimResult;
import io.mortmain.cli.claims.ClaimTable;
import io.mortmain.cli.claims.ClaimText;
import io.mortmain.cli.claims.Claims;
import io.mortmain.cli.claims.Outcome;
import io.mortmain.cli.claims.Page;
import io.mortmain.cli.output.UnwritableException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mortmain claims}. */
@Command(
        name = "claims",
        sortOptions = false,
        description = {
            "Makes happen what is said of robust mutexes, fork and threads, sentence by sentence, here and now, and gives a verdict.",
            "",
            "The sentences are those of two well-known texts: R, on robust mutexes; F, on threads, fork and mutexes. Each is made to happen"
                    + " in C programs compiled just now, and, where Mortmain does something else, with Mortmain too. The verdict is"
                    + " declared beforehand; what is seen decides whether it is confirmed. What to do about it all is in"
                    + " docs/what-to-watch-out-for.md. Takes some seconds.",
            ""
        },
        footer = {
            "",
            "true: as the sentence says, in every case tried. false: in none. only for these kinds: in some. only POSIX: the standard says"
                    + " so, here it is otherwise. only glibc: it is so here, and the standard does not promise it.",
            "0: the call succeeded. hangs: waits for a lock that nobody will release. told: gets the lock, with EOWNERDEAD.",
            "Ended by SIGKILL, the command cannot remove its files: some in /dev/shm and a folder of temporary files, named"
                    + " mortmain-torture-. The same user's next claims or torture removes them.",
            "",
            "Exit codes:",
            "  0    every verdict is confirmed here",
            "  1    something else was seen, or the command could not run",
            "  2    wrong usage",
            "  3    something was not tried, since it is not possible here; the rest is confirmed",
            "  130  ended by Ctrl-C; processes and files are removed"
        })
final class ClaimsCommand implements Callable<Integer> {
    static final int NOT_TRIED = 3;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "ID[,ID...]",
            description = "Only these claims, for example R6,F10. Default: all.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON array of the claims at the end and nothing else.")
    private boolean json;

    @Option(
            names = "--page",
            description = "Print docs/what-to-watch-out-for.md, which is made from the claims, and try nothing.")
    private boolean page;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        List<String> ids = ids();
        if (page) {
            requireThatItIsAlone();
            spec.commandLine().getOut().print(Page.text());
            spec.commandLine().getOut().flush();
            return Main.OK;
        }
        SharedMemoryFolder.require();
        return run(ids);
    }

    private int run(List<String> ids) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<ClaimResult> results = new ArrayList<>();
        long start = System.nanoTime();
        Claims.run(ids, result -> {
            results.add(result);
            if (!json) {
                ClaimText.lines(result).forEach(line -> out.println(Printable.of(line)));
                UnwritableException.require(out);
            }
        });
        if (json) {
            out.println(Json.of(results.stream().map(ClaimResult::toJson).toList()));
        } else {
            out.println();
            out.println(summary(results, System.nanoTime() - start));
        }
        out.flush();
        return count(results, Outcome.NOT_CONFIRMED) > 0
                ? Main.FAILED
                : count(results, Outcome.NOT_TRIED) > 0 ? NOT_TRIED : Main.OK;
    }

    private static String summary(List<ClaimResult> results, long nanos) {
        return String.format(
                Locale.ROOT,
                "%d confirmed, %d not confirmed, %d not tried, in %.0f s.",
                count(results, Outcome.CONFIRMED),
                count(results, Outcome.NOT_CONFIRMED),
                count(results, Outcome.NOT_TRIED),
                nanos / 1e9);
    }

    private static long count(List<ClaimResult> results, Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    private List<String> ids() {
        List<String> known = ClaimTable.ids();
        List<String> ids = only.stream()
                .flatMap(names -> Stream.of(names.split(",", -1))) // empty names included, to refuse them
                .map(id -> id.strip().toUpperCase(Locale.ROOT))
                .toList();
        for (String id : ids) {
            if (id.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--only has an empty name between commas; give claims, for example --only R6,F10.");
            }
            if (!known.contains(id)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no claim " + Printable.of(id) + "; there are " + String.join(", ", known) + ".");
            }
        }
        return ids;
    }

    private void requireThatItIsAlone() {
        if (json || !only.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--page prints the whole page and tries nothing; give it alone.");
        }
    }
}
