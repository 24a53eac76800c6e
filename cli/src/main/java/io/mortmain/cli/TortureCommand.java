package io.mortmain.cli;

import io.mortmain.cli.output.UnwritableException;
import io.mortmain.cli.stepper.Stepper;
import io.mortmain.cli.torture.CellResult;
import io.mortmain.cli.torture.FaultTable;
import io.mortmain.cli.torture.RowText;
import io.mortmain.cli.torture.Torture;
import io.mortmain.cli.torture.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mortmain torture}. */
@Command(
        name = "torture",
        sortOptions = false,
        description = {
            "Makes every way to leave a lock behind happen, here and now, in real processes, and shows what became of the locks.",
            "",
            "Tables A (the holder dies, or loses the lock, while holding it), B (death at another moment), C (fork, exec and spawn) and"
                    + " D (misuse and bad input). Beside what Mortmain gives stands what glibc alone gives, in C programs compiled just now. Holders and next"
                    + " acquirers are in C and in Java; \"a Mortmain waiter is there\" means that somebody else waits for the same mutex"
                    + " through Mortmain. Where a plain C program hangs, that is what is expected, and printed.",
            ""
        },
        footer = {
            "",
            "told: the next acquirer got the mutex and learnt that its predecessor died. clean: got it as from a living one."
                    + " hangs: still waiting 300 ms after the holder is surely gone, while the mutex has its number; where that would be a"
                    + " failure, 3 s or more. In the rows C1 to C12, but for C4 and C6: still waiting after 250 ms for what nobody will release.",
            "These rows look at the experiments of 'mortmain claims', too. Some of them let the child of a forked JVM go on in Java, which no program"
                    + " should do: one that hangs within the JVM is ended after 5 s, and another is forked, 8 at most.",
            "With --every-instruction a real JVM's thread is stepped by ptrace through its compiled code, a fresh JVM for each"
                    + " instruction after which it is killed by SIGKILL. A JVM that leaves the second compiler's code is replaced and"
                    + " counted; three in a row are a failure. The next to lock, in Java and in C, must be told where the mutex was left held and find it free where it was left free, and two words that are equal while"
                    + " nobody holds it are never to be seen differing without being told. Of a holder in C, glibc's own"
                    + " hangs are printed and are none of the command. --json then prints an object for each holder.",
            "Ended by SIGKILL, the command cannot remove its files: with --every-instruction two in /dev/shm and a folder of"
                    + " temporary files, named mortmain-torture-. The same user's next torture removes them; the children of C4 and C6 end after 90 s.",
            "In B8 a process is killed when the words that it changes, seen from outside, say that it is in a transaction, at its commit, or"
                    + " undoing one; what it left says whether it was hit there, or it is tried again. A transaction has 65,536"
                    + " words there, in C 1,024.",
            "Not tried anywhere: the cells of A6, A24, C7 and C10 that need commands which do not exist yet; NFS, 9p and ceph in D13."
                    + " Some others need root, a C compiler, glibc 2.36, or Linux 6.9; what is missing is said.",
            "",
            "Exit codes:",
            "  0    all ok",
            "  1    something failed, or the command could not run",
            "  2    wrong usage",
            "  3    something was not tried, since it is not possible here or the time was over; the rest is ok",
            "  130  ended by Ctrl-C; processes and files are removed"
        })
final class TortureCommand implements Callable<Integer> {
    static final int NOT_TRIED = 3;
    private static final int MOST_SECONDS = 3600;
    private static final int SECONDS = 300;
    private static final int SECONDS_TO_STEP = 60;
    private static final int MOST_SEED = 1_000_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Begin nothing after so long, 1 to 3600; it is then not tried. Default: " + SECONDS
                    + ", with --every-instruction " + SECONDS_TO_STEP + ".")
    private @Nullable String seconds;

    @Option(
            names = "--only",
            paramLabel = "ID[,ID...]",
            description = "Only these rows, for example A5,B2. Default: all.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--every-instruction",
            description =
                    "Instead of the tables: kill a holder, first in C, then in Java, after each single instruction of lock,"
                            + " critical section and unlock of a free mutex, as many of them as there is time for, lying evenly.")
    private boolean everyInstruction;

    @Option(
            names = "--complete",
            description = "With --every-instruction: after every number of instructions, however long it takes.")
    private boolean complete;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "With --every-instruction: which are tried first, a whole number. Default: random; it is printed.")
    private @Nullable String seed;

    @Option(names = "--json", description = "Print one JSON array of the cells at the end and nothing else.")
    private boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        List<String> ids = ids();
        int limit = limit();
        requireThatTheyFit();
        SharedMemoryFolder.require();
        return everyInstruction
                ? new EveryInstruction(spec.commandLine().getOut(), json)
                        .run(new Stepper.Settings(limit, complete, seed()))
                : tables(ids, limit);
    }

    private int tables(List<String> ids, int limit) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<CellResult> cells = new ArrayList<>();
        long start = System.nanoTime();
        Torture.run(ids, limit, row -> {
            cells.addAll(row.cells());
            if (!json) {
                RowText.lines(row).forEach(line -> out.println(Printable.of(line)));
                UnwritableException.require(out);
            }
        });
        if (json) {
            out.println(Json.of(cells.stream().map(CellResult::toJson).toList()));
        } else {
            out.println();
            out.println(summary(cells, System.nanoTime() - start));
        }
        out.flush();
        return count(cells, Verdict.FAILED) > 0
                ? Main.FAILED
                : count(cells, Verdict.NOT_TRIED) > 0 ? NOT_TRIED : Main.OK;
    }

    private static String summary(List<CellResult> cells, long nanos) {
        return String.format(
                Locale.ROOT,
                "%d ok, %d failed, %d not tried, in %.0f s.",
                count(cells, Verdict.OK),
                count(cells, Verdict.FAILED),
                count(cells, Verdict.NOT_TRIED),
                nanos / 1e9);
    }

    private static long count(List<CellResult> cells, Verdict verdict) {
        return cells.stream().filter(cell -> cell.verdict() == verdict).count();
    }

    private List<String> ids() {
        List<String> known = FaultTable.ids();
        List<String> ids = only.stream()
                .flatMap(names -> Stream.of(names.split(",", -1))) // empty names included, to refuse them
                .map(id -> id.strip().toUpperCase(Locale.ROOT))
                .toList();
        for (String id : ids) {
            if (id.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--only has an empty name between commas; give rows, for example --only A5,B2.");
            }
            if (!known.contains(id)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no row " + Printable.of(id) + "; there are " + String.join(", ", known) + ".");
            }
        }
        return ids;
    }

    private void requireThatTheyFit() {
        if (everyInstruction && !only.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--only picks rows of the tables, and --every-instruction has none; give one of them.");
        }
        if (complete && seconds != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--complete takes as long as it takes, and --seconds ends it before; give one of them.");
        }
        if (!everyInstruction && (complete || seed != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    (complete ? "--complete" : "--seed") + " belongs to --every-instruction; give that too.");
        }
    }

    private long seed() {
        if (seed == null) {
            return ThreadLocalRandom.current().nextInt(MOST_SEED);
        }
        if (!seed.matches("\\d{1,9}")) {
            throw new ParameterException(
                    spec.commandLine(), "--seed is " + Printable.value(seed) + " and must be 0 to 999999999.");
        }
        return Long.parseLong(seed);
    }

    private int limit() {
        if (seconds == null) {
            return everyInstruction ? SECONDS_TO_STEP : SECONDS;
        }
        @Nullable Integer number = seconds.matches("\\d{1,4}") ? Integer.valueOf(seconds) : null;
        if (number == null || number < 1 || number > MOST_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seconds is " + Printable.value(seconds) + " and must be 1 to " + MOST_SECONDS + ".");
        }
        return number;
    }
}
