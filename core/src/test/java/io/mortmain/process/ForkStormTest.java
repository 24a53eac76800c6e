package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * C1 to C3, C7 and C12: native forks of a JVM whose other threads hold locks, allocate and have code compiled: no hang, no false owner, no lock
 * left, and with hooks nothing half changed in the child. 100 forks, a quarter as many in handlers; 1,000 with {@code -Dmortmain.soak=true}.
 */
class ForkStormTest {
    private static final int FORKS = Boolean.getBoolean("mortmain.soak") ? 1_000 : 100;
    private static final Pattern SAID =
            Pattern.compile("forks (\\d+) wrong (\\d+) torn (\\d+) told (\\d+) hooks (\\d+) locks free");

    private record Result(int wrong, int torn, int told, int hooks) {}

    private static Result storm(boolean withHooks, String inHandler) {
        return storm(FORKS, withHooks, inHandler);
    }

    private static Result storm(int forks, boolean withHooks, String inHandler) {
        try (TestProcess process = TestProcess.peer(
                List.of("-Xmx128m"),
                ForkStorm.class,
                Integer.toString(forks),
                Boolean.toString(withHooks),
                inHandler)) {
            String said = process.expect("forks ");
            System.out.println("hooks " + withHooks + ", handler " + inHandler + ": " + said);
            Matcher matcher = SAID.matcher(said);
            assertThat(matcher.matches()).as(said).isTrue();
            assertThat(process.exitCode()).isZero();
            assertThat(Integer.parseInt(matcher.group(1))).isEqualTo(forks);
            Result result = new Result(number(matcher, 2), number(matcher, 3), number(matcher, 4), number(matcher, 5));
            assertThat(result.wrong)
                    .as("children that did not end as they should")
                    .isZero();
            assertThat(result.told).as("told of deaths that were none").isZero();
            return result;
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /** The fault, seen: nothing keeps a thread from being inside. */
    @Test
    void shouldLiveThroughForksWithoutHooks() {
        Result result = storm(false, "no");
        assertThat(result.torn).as("children that found something half changed").isPositive();
        assertThat(result.hooks).isZero();
    }

    @Test
    void shouldHaveNoThreadInsideWhereHooksHoldTheLocks() {
        Result result = storm(true, "no");
        assertThat(result.torn).as("children that found something half changed").isZero();
        assertThat(result.hooks).isEqualTo(FORKS);
    }

    /** Over Java code, which cannot reach a safepoint meanwhile. Where the signal is not blocked, hooks are tried, and may be too late. */
    @ParameterizedTest
    @CsvSource({"false,handler", "true,handler", "true,nodefer"})
    void shouldLiveThroughForksInSignalHandlers(boolean withHooks, String handler) {
        Result result = storm(FORKS / 4, withHooks, handler);
        if (handler.equals("handler")) {
            assertThat(result.hooks).as("hooks in a handler").isZero();
        }
    }
}
