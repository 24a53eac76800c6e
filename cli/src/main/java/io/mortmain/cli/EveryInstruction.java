package io.mortmain.cli;

import io.mortmain.cli.output.UnwritableException;
import io.mortmain.cli.stepper.HolderResult;
import io.mortmain.cli.stepper.Stepper;
import io.mortmain.cli.torture.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code mortmain torture --every-instruction}: what it prints, and its exit code. */
final class EveryInstruction {
    private final PrintWriter out;
    private final boolean json;
    private final List<HolderResult> results = new ArrayList<>();

    EveryInstruction(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** The exit code. */
    int run(Stepper.Settings settings) throws IOException, InterruptedException {
        long start = System.nanoTime();
        print("seed " + settings.seed());
        Stepper.run(settings, this::print, result -> {
            results.add(result);
            lines(result).forEach(this::print);
        });
        if (json) {
            out.println(Json.of(results.stream().map(HolderResult::toJson).toList()));
        }
        print("");
        print(String.format(
                Locale.ROOT,
                "%d ok, %d failed, %d not tried, in %.0f s.",
                count(Verdict.OK),
                count(Verdict.FAILED),
                count(Verdict.NOT_TRIED),
                (System.nanoTime() - start) / 1e9));
        out.flush();
        return count(Verdict.FAILED) > 0
                ? Main.FAILED
                : count(Verdict.NOT_TRIED) > 0 ? TortureCommand.NOT_TRIED : Main.OK;
    }

    private void print(String line) {
        if (!json) {
            out.println(Printable.of(line));
            UnwritableException.require(out);
        }
    }

    private static List<String> lines(HolderResult result) {
        List<String> lines = new ArrayList<>();
        String reason = result.reason().isEmpty() ? "" : "; " + result.reason();
        if (result.points() == 0 && result.failures().isEmpty()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-9s %s: %s",
                    result.verdict().text(),
                    result.holder().text(),
                    result.reason()));
            return lines;
        }
        lines.add(String.format(
                Locale.ROOT,
                "  %-9s %s: %d kill points %s 1 to %d: %d told (%d of them with the words torn), %d free, %d torn without"
                        + " being told, %d hang, %d refused%s",
                result.verdict().text(),
                result.holder().text(),
                result.points(),
                result.isComplete() ? "without a gap," : "of",
                result.range(),
                result.told(),
                result.tornAndTold(),
                result.free(),
                result.torn(),
                result.hangs(),
                result.refused(),
                reason));
        lines.add(String.format(
                Locale.ROOT,
                "            next acquirers: %s%s; %d ended before the instruction; %d replaced, not in compiled code",
                result.acquirers(),
                result.different() == 0 ? ", always alike" : ", which differed " + result.different() + " times",
                result.through(),
                result.anew()));
        result.failures().forEach(failure -> lines.add("            " + failure));
        return lines;
    }

    private long count(Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).count();
    }
}
