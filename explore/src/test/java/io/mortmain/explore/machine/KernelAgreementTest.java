package io.mortmain.explore.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.explore.machine.WakeCase.Outcome;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulated kernel does what the real one does, and both do what is written down here. */
class KernelAgreementTest {
    private static RealKernel real;

    @BeforeAll
    static void start() throws Exception {
        real = new RealKernel();
    }

    @AfterAll
    static void stop() throws Exception {
        real.close();
    }

    static Stream<KernelCase> walks() {
        return KernelCases.all();
    }

    @ParameterizedTest
    @MethodSource("walks")
    void walksTheSameWay(KernelCase list) {
        RealKernel.Run run = real.run(list);
        KernelCase.Outcome expected = list.expected(run.numbers());
        assertThat(run.outcome()).as("the real kernel").isEqualTo(expected);
        if (!list.isForRealKernelOnly()) {
            assertThat(SimulatedWalk.run(list, run.numbers()))
                    .as("the simulated kernel")
                    .isEqualTo(expected);
        }
    }

    static Stream<WakeCase> wakes() {
        return WakeCase.all();
    }

    /** The machine may wake any of those who sleep, so more may come of a story there; but not more sleepers woken, or fewer. */
    @ParameterizedTest
    @MethodSource("wakes")
    void sleepsAndWakesTheSameWay(WakeCase story) {
        String refusal = story.hasHeld() ? real.refusalToHold() : "";
        assumeTrue(refusal.isEmpty(), refusal);
        Outcome expected = story.expected();
        assertThat(real.run(story)).as("the real kernel").isEqualTo(expected);
        Set<Outcome> simulated = SimulatedWakes.run(story);
        assertThat(simulated).as("the simulated machine").contains(expected);
        assertThat(simulated.stream().map(Outcome::whoever).collect(Collectors.toSet()))
                .as("the simulated machine, whoever it wakes")
                .containsExactly(expected.whoever());
    }
}
