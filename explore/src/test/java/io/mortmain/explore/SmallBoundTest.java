package io.mortmain.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.explore.mutant.Mutants;
import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Result;
import io.mortmain.explore.search.Search;
import io.mortmain.explore.search.Trace;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The code that ships keeps every rule in every state that the small bound can reach. */
class SmallBoundTest {
    private static final long MOST_STATES = 20_000_000;
    private static final long WAYS_BEYOND = 1_000;

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

    /** What shows a planted defect is explored without one for every build, with as many deaths. */
    @Test
    void shouldHaveWhatShowsMutants() {
        List<String> programs =
                Bound.SMALL.programs().stream().map(Program::toString).toList();
        assertThat(Mutants.ALL.stream()
                        .map(Mutants.Breakage::program)
                        .filter(program -> program.threads().size() > 2
                                || program.threads().stream().anyMatch(thread -> thread.size() > 1))
                        .map(Program::toString))
                .allMatch(program -> programs.stream().anyMatch(known -> known.startsWith(program)));
    }

    /** Random ways through what is too large to visit. */
    @Test
    void shouldBreakNoRuleBeyond() {
        long seed = Long.getLong("io.mortmain.test.seed", new Random().nextLong());
        System.out.println("beyond: -Dio.mortmain.test.seed=" + seed);
        for (Program program : Bound.BEYOND.programs()) {
            Result result =
                    new Search(reduction -> program.exploration(Mutant.NONE, reduction)).wander(seed, WAYS_BEYOND);
            assertThat(result.trace())
                    .as(() -> program + result.trace().map(SmallBoundTest::text).orElse(""))
                    .isEmpty();
            assertThat(result.kills()).as(program::toString).isPositive();
        }
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
