package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.explore.machine.Reduction;
import io.mortmain.explore.machine.Rule;
import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Explorer;
import io.mortmain.explore.search.Replay;
import io.mortmain.explore.search.Result;
import io.mortmain.explore.search.Search;
import io.mortmain.explore.search.Trace;
import org.junit.jupiter.api.Test;

/** A defect in what a waiter remembers, which is not compared where ways are merged, is not lost by the merging. */
class MergedWaysTest {
    private static final long MOST_STATES = 1_000_000;

    /** A waiter that sleeps behind another one, and did not itself write that somebody waits, takes the mutex as if nobody did. */
    private static final class SecondSleeperForgets extends Meddler {
        private boolean hasWritten;

        @Override
        void begins() {
            hasWritten = false;
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            boolean writes = (expected & WAITERS) == 0 && (value & WAITERS) != 0;
            boolean takes = (expected & TID_MASK) == 0 && (value & TID_MASK) != 0;
            boolean done = super.exchange(address, expected, writes && takes && !hasWritten ? value & ~WAITERS : value);
            hasWritten |= done && writes && !takes;
            return done;
        }
    }

    @Test
    void shouldSayThatWaysWereMergedWrongly() {
        Result result =
                Explorer.explore(Program.parse("lock/lock/lock").exploration(SecondSleeperForgets::new), MOST_STATES);
        assertThat(result.isComplete()).isFalse();
        assertThat(result.doubt())
                .hasValueSatisfying(doubt ->
                        assertThat(doubt).contains("merged wrongly").contains("COMPARE_AND_SET mutex 0.word 0"));
    }

    @Test
    void shouldShowAWayThatMergesNothingAllTheSame() {
        Program program = Program.parse("lock/lock/lock");
        Search search = new Search(reduction -> program.exploration(SecondSleeperForgets::new, reduction));
        Result result = search.explore(MOST_STATES);
        assertThat(result.doubt()).isPresent();
        Trace trace = result.trace().orElseThrow();
        assertThat(trace.violation().rule()).isEqualTo(Rule.WOKEN);
        assertThat(Replay.of(program.exploration(SecondSleeperForgets::new, Reduction.UNMERGED), trace.choices())
                        .violation())
                .hasValueSatisfying(violation -> assertThat(violation.rule()).isEqualTo(Rule.WOKEN));
    }

    /** As where the ways were merged wrongly, and the merging was not noticed: the trace is of a machine that is another one. */
    @Test
    void shouldDoubtATraceThatDoesNotBreakTheRuleWhenItIsReplayed() {
        Program program = Program.parse("lock/lock");
        Search search = new Search(reduction -> program.exploration(
                reduction == Reduction.ALL ? WakeMutants.Never::new : SecondSleeperForgets::new, reduction));
        Result result = search.explore(MOST_STATES);
        assertThat(result.doubt())
                .hasValueSatisfying(doubt -> assertThat(doubt).contains("is not broken when its trace is replayed"));
        assertThat(result.trace()).isEmpty();
    }

    @Test
    void shouldNotDoubtATraceThatCanBeReplayed() {
        Program program = Program.parse("lock/c-lock");
        Result result =
                new Search(reduction -> program.exploration(WakeMutants.Never::new, reduction)).explore(MOST_STATES);
        assertThat(result.doubt()).isEmpty();
        assertThat(result.trace()).isPresent();
    }
}
