package io.mortmain.stress.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How the tests of this package have Lincheck explore. */
final class Explored {
    /** More than a thread spins before it sleeps: else the model would never see one asleep. */
    private static final int SPINS = 200;

    private static final int LIVELOCK = 100_000;
    private static final int TIMES = Boolean.getBoolean("mortmain.soak") ? 20 : 1;

    private Explored() {}

    /** Threads take turns as the model says. */
    static ModelCheckingOptions inTheModel() {
        return common(new ModelCheckingOptions())
                .invocationsPerIteration(1_000 * TIMES)
                .loopIterationsBeforeThreadSwitch(SPINS)
                .loopBound(LIVELOCK);
    }

    /** Threads run as the machine lets them. */
    static StressOptions underStress() {
        return common(new StressOptions()).invocationsPerIteration(2_000 * TIMES);
    }

    private static <O extends Options<O, ?>> O common(O options) {
        return options.actorsBefore(0).actorsAfter(0).iterations(5).minimizeFailedScenario(false);
    }

    /** What Lincheck finds in a class with a planted defect. */
    static String found(Options<?, ?> options, Class<?> planted) {
        LincheckAssertionError error = catchThrowableOfType(LincheckAssertionError.class, () -> options.check(planted));
        assertThat(error)
                .as("what Lincheck finds in " + planted.getSimpleName())
                .isNotNull();
        String found = String.valueOf(error.getMessage());
        System.out.println("planted: " + planted.getSimpleName() + ": found: "
                + found.lines().filter(line -> !line.isBlank()).findFirst().orElse(""));
        return found;
    }
}
