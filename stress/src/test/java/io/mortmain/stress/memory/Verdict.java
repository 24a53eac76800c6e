package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Collection;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.TestGrading;

/**
 * What one test of memory order came to, over all kinds of compilation.
 *
 * @param runs how many kinds
 * @param samples outcomes in all
 * @param forbidden of these
 * @param interesting of these: the signs of a planted weakness
 * @param errors runs that did not come to their end
 */
record Verdict(int runs, long samples, long forbidden, long interesting, int errors) {
    static Verdict of(Collection<TestResult> results) {
        return results.stream().map(Verdict::of).reduce(new Verdict(0, 0, 0, 0, 0), Verdict::and);
    }

    private static Verdict of(TestResult result) {
        return new Verdict(
                1,
                result.getTotalCount(),
                count(result, FORBIDDEN),
                count(result, ACCEPTABLE_INTERESTING),
                result.status() == Status.NORMAL ? 0 : 1);
    }

    private static long count(TestResult result, Expect expect) {
        return TestGrading.grade(result).gradingResults.values().stream()
                .filter(outcome -> outcome.expect == expect)
                .mapToLong(outcome -> outcome.count)
                .sum();
    }

    Verdict and(Verdict other) {
        return new Verdict(
                runs + other.runs,
                samples + other.samples,
                forbidden + other.forbidden,
                interesting + other.interesting,
                errors + other.errors);
    }

    boolean isWrong() {
        return forbidden > 0 || errors > 0 || samples == 0;
    }

    boolean isSeen() {
        return interesting > 0;
    }

    String line(String name, boolean isPlanted) {
        String seen =
                isPlanted ? "planted, seen %,d times".formatted(interesting) : "forbidden %,d".formatted(forbidden);
        return "  %-42s %,14d samples, %3d runs, %s%s"
                .formatted(name, samples, runs, seen, errors == 0 ? "" : ", " + errors + " ERRORS");
    }
}
