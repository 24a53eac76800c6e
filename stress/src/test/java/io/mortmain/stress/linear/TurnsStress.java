package io.mortmain.stress.linear;

import static io.mortmain.stress.linear.Explored.found;
import static io.mortmain.stress.linear.Explored.inTheModel;
import static io.mortmain.stress.linear.Explored.underStress;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.StressTurns;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** The turns of virtual threads before a mutex: one at a time has it. */
class TurnsStress {
    private static final long MUTEX = 4096;

    /** A plain counter that only who has the turn touches. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Counter {
        final Gate gate = new Gate();
        private int count;

        Gate gateOf(int thread) {
            return gate;
        }

        @Operation
        public int increment(@Param(name = "thread") int thread) {
            int[] before = new int[1];
            StressTurns.inTurn(gateOf(thread), MUTEX, () -> {
                before[0] = count;
                count = before[0] + 1;
            });
            return before[0];
        }
    }

    /** Planted: the threads come by different gates, and so have turns of their own. */
    public static class CounterBehindTwoGates extends Counter {
        private final Gate other = new Gate();

        @Override
        Gate gateOf(int thread) {
            return thread % 2 == 0 ? gate : other;
        }
    }

    /** Fewer than of the mutex: there is much of the JDK in each. */
    private static ModelCheckingOptions fewInTheModel() {
        return inTheModel().iterations(2).invocationsPerIteration(100).actorsPerThread(1);
    }

    @Test
    void shouldBeOneAtATime() {
        fewInTheModel().threads(2).check(Counter.class);
        fewInTheModel().threads(3).check(Counter.class);
        underStress().threads(3).actorsPerThread(3).check(Counter.class);
    }

    @Test
    void shouldFindTurnsThatDoNotExclude() {
        assertThat(found(fewInTheModel().threads(2), CounterBehindTwoGates.class))
                .contains("Invalid execution results");
    }
}
