package io.mortmain.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Reduction;
import io.mortmain.explore.mutant.Mutants;
import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WandererTest {
    private static final Program PROGRAM = Program.parse("lock/timed,kills=1,time-outs=1");

    @Test
    void shouldGoTheSameWaysWithTheSameSeed() {
        assertThat(wander(7)).isEqualTo(wander(7)).isNotEqualTo(wander(8));
    }

    /** Without what differs: the time. */
    private static Result wander(long seed) {
        Result result = Wanderer.wander(() -> PROGRAM.exploration(Mutant.NONE, Reduction.UNMERGED), seed, 50);
        assertThat(result.trace()).isEmpty();
        return new Result(
                result.states(),
                result.steps(),
                result.kills(),
                result.ends(),
                result.endsFingerprint(),
                result.isComplete(),
                0,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void shouldComeByDeathsAndByMostOfWhatThereIs() {
        Result all = Explorer.explore(PROGRAM.exploration(Mutant.NONE), 1_000_000);
        Result some = Wanderer.wander(() -> PROGRAM.exploration(Mutant.NONE), 1, 3_000);
        System.out.println("seed 1: " + some.states() + " of " + all.states() + " states, " + some.kills() + " kills");
        assertThat(some.kills()).isGreaterThan(500);
        assertThat(some.states()).isBetween(all.states() / 4, all.states());
    }

    @Test
    void shouldFindABrokenMachine() {
        Exploration broken =
                PROGRAM.exploration(Mutants.find("pending-never-set").mutant());
        Trace trace = Wanderer.wander(() -> broken, 1, 10_000).trace().orElseThrow();
        assertThat(Replay.of(broken, trace.choices()).violation())
                .hasValueSatisfying(violation ->
                        assertThat(violation).hasMessage(trace.violation().getMessage()));
    }
}
