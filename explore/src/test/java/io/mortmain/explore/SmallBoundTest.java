package io.mortmain.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Result;
import io.mortmain.explore.search.Search;
import io.mortmain.explore.search.Trace;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The code that ships keeps every rule in every state that the small bound can reach. */
class SmallBoundTest {
    private static final long MOST_STATES = 20_000_000;

    @Test
    void shouldBreakNoRule() {
        List<Program> programs = Bound.SMALL.programs();
        long start = System.nanoTime();
        List<Result> results =
                programs.parallelStream().map(SmallBoundTest::explore).toList();
        System.out.printf(
                Locale.ROOT,
                "small bound: %d programs, %,d states, %,d kills, %.0f s%n",
                programs.size(),
                results.stream().mapToLong(Result::states).sum(),
                results.stream().mapToLong(Result::kills).sum(),
                (System.nanoTime() - start) / 1e9);
        assertThat(results).allMatch(Result::isComplete).allMatch(result -> result.ends() > 0);
        assertThat(results).filteredOn(result -> result.kills() > 0).hasSizeGreaterThan(programs.size() * 9 / 10);
    }

    private static Result explore(Program program) {
        Result result = new Search(reduction -> program.exploration(Mutant.NONE, reduction)).explore(MOST_STATES);
        assertThat(result.doubt()).as(program::toString).isEmpty();
        assertThat(result.trace())
                .as(() -> program + result.trace().map(SmallBoundTest::text).orElse(""))
                .isEmpty();
        return result;
    }

    private static String text(Trace trace) {
        return ", " + trace.text() + "\n" + String.join("\n", trace.lines()) + "\n"
                + trace.violation().getMessage();
    }
}
