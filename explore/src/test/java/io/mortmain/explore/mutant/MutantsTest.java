package io.mortmain.explore.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mortmain.explore.machine.Choice;
import io.mortmain.explore.machine.Rule;
import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Explorer;
import io.mortmain.explore.search.Result;
import io.mortmain.explore.search.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the explorer is worth: it finds each small breakage of the protocol, and in the same programs nothing where nothing is broken. */
class MutantsTest {
    /** Several times what the largest needs, so that a mutant that is not found any more ends the test and not the memory. */
    private static final long MOST_STATES = 2_000_000;

    static Stream<String> names() {
        return Mutants.ALL.stream().map(Mutants.Breakage::name);
    }

    static Stream<Program> programs() {
        return Mutants.ALL.stream().map(Mutants.Breakage::program).distinct();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldFindEachMutantByATraceThatCanBeReplayed(String name) {
        Mutants.Breakage breakage = Mutants.find(name);
        Result result = Explorer.explore(breakage.program().exploration(breakage.mutant()), MOST_STATES);
        assertThat(result.trace())
                .as("%s survives %s", name, breakage.program())
                .isPresent();
        Trace trace = result.trace().orElseThrow();
        assertThat(trace.violation().rule()).as(name).isEqualTo(breakage.rule());
        System.out.println(name + ": breaks rule " + trace.violation().rule().number() + " after "
                + trace.choices().size() + " steps of " + breakage.program() + ", found in " + result.states()
                + " states");
        List<Integer> parsed =
                Arrays.stream(trace.text().split(",", -1)).map(Choice::parse).toList();
        assertThat(breakage.program().exploration(breakage.mutant()).tell(parsed))
                .as("what %s,%s shows", name, trace.text())
                .isEqualTo(trace.lines())
                .last()
                .isEqualTo(trace.violation().getMessage());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldFindNothingInTheSameProgramsWithoutMutant(Program program) {
        Result result = Explorer.explore(program.exploration(Mutant.NONE), MOST_STATES);
        System.out.println(program + ": " + result.states() + " states");
        assertThat(result.trace()).isEmpty();
        assertThat(result.isComplete()).isTrue();
    }

    /** That glibc wakes nobody excuses the sleep of a reset before that one whom glibc refuses, and no other. */
    @Test
    void shouldNotExcuseTheResetThatWhoeverGaveUpForgot() {
        Program program = Program.parse("give-up/c-lock/reset");
        Result whole = Explorer.explore(program.exploration(Mutant.NONE), MOST_STATES);
        assertThat(whole.trace()).isEmpty();
        assertThat(whole.isComplete()).isTrue();
        Mutants.Breakage breakage = Mutants.find("wakes-one-instead-of-all");
        assertThat(Explorer.explore(program.exploration(breakage.mutant()), MOST_STATES)
                        .trace())
                .hasValueSatisfying(
                        trace -> assertThat(trace.violation().rule()).isEqualTo(Rule.WOKEN));
    }

    @Test
    void shouldHaveMutantsOfEachGroupByDifferentNames() {
        assertThat(names().distinct()).hasSize(Mutants.ALL.size()).hasSizeGreaterThanOrEqualTo(64);
        assertThat(names()).allMatch(name -> name.matches("[a-z]+(-[a-z]+)+"));
    }

    @Test
    void shouldNameTheMutantsWhereThereIsNoSuchOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mutants.find("no-such-mutant"))
                .withMessageStartingWith("no mutant is called no-such-mutant; there are pending-never-set, ");
    }
}
