package io.mortmain.explore.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Rule;
import io.mortmain.explore.mutant.Mutants;
import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    private static final Program PROGRAM = Program.parse("lock/lock,kills=1");

    @Test
    void shouldBreakTheSameRuleByTheTextOfATrace() {
        Trace trace = Explorer.explore(
                        PROGRAM.exploration(Mutants.find("pending-never-set").mutant()), 1_000_000)
                .trace()
                .orElseThrow();
        Replay replay =
                Replay.of(PROGRAM.exploration(Mutants.find("pending-never-set").mutant()), Replay.parse(trace.text()));
        assertThat(replay.violation()).hasValueSatisfying(violation -> {
            assertThat(violation.rule()).isEqualTo(Rule.REACHABLE);
            assertThat(violation).hasMessage(trace.violation().getMessage());
        });
        assertThat(replay.lines())
                .hasSameSizeAs(trace.choices())
                .isEqualTo(trace.lines().subList(0, trace.choices().size()));
    }

    /** Only when all is over it is seen that somebody sleeps for ever. */
    @Test
    void shouldBreakTheSameRuleAtTheEnd() {
        Program waiting = Program.parse("lock/c-lock");
        Trace trace = Explorer.explore(
                        waiting.exploration(Mutants.find("wakes-never").mutant()), 1_000_000)
                .trace()
                .orElseThrow();
        assertThat(trace.violation().rule()).isEqualTo(Rule.WOKEN);
        Replay replay =
                Replay.of(waiting.exploration(Mutants.find("wakes-never").mutant()), Replay.parse(trace.text()));
        assertThat(replay.isOver()).isTrue();
        assertThat(replay.violation())
                .hasValueSatisfying(violation ->
                        assertThat(violation).hasMessage(trace.violation().getMessage()));
        assertThat(replay.lines()).hasSameSizeAs(trace.choices());
    }

    @Test
    void shouldEndAtTheBrokenRule() {
        Exploration broken =
                PROGRAM.exploration(Mutants.find("pending-never-set").mutant());
        List<Integer> way =
                Explorer.explore(broken, 1_000_000).trace().orElseThrow().choices();
        assertThat(way).hasSizeGreaterThan(1);
        for (int steps = 1; steps < way.size(); steps++) {
            assertThat(Replay.of(broken, way.subList(0, steps)).violation()).isEmpty();
        }
    }

    @Test
    void shouldBreakNoRuleWhereNoneIsBroken() {
        Replay one = Replay.of(PROGRAM.exploration(Mutant.NONE), Replay.parse("0,1,k0"));
        assertThat(one.violation()).isEmpty();
        assertThat(one.isOver()).isFalse();
        assertThat(one.lines()).hasSize(3).last().isEqualTo("thread A is killed");
    }

    @Test
    void shouldSayWhenAllIsOver() {
        Exploration exploration = Program.parse("try").exploration(Mutant.NONE);
        String way = "0";
        while (!Replay.of(exploration, Replay.parse(way)).isOver()) {
            way += ",0";
        }
        assertThat(Replay.of(exploration, Replay.parse(way)).lines()).last().isEqualTo("thread A: is through");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k0,k1", "2", "0,t0", "b1", "z0", "0.1"})
    void shouldRefuseWhatIsNotPossible(String trace) {
        List<Integer> way = Replay.parse(trace);
        assertThatThrownBy(() -> Replay.of(PROGRAM.exploration(Mutant.NONE), way))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("step [12], \\S+, is not possible there, but [^;]+; the trace is of .*");
    }

    @Test
    void shouldListWhatIsPossibleThere() {
        List<Integer> way = Replay.parse("0,b0");
        assertThatThrownBy(() -> Replay.of(PROGRAM.exploration(Mutant.NONE), way))
                .hasMessageStartingWith("step 2, b0, is not possible there, but k1, 1 are; the trace is of ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "0,", "x0", "00", "0 ", "k", "0.", "0.12", "-1", "q1"})
    void shouldRefuseWhatIsNoTrace(String text) {
        assertThatThrownBy(() -> Replay.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a step is written 0, 0.1, k0")
                .message()
                .hasLineCount(1);
    }
}
