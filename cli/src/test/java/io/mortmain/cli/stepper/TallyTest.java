package io.mortmain.cli.stepper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which findings are failures: all that is not as it must be after a Java holder, and after one in C what glibc alone is not to blame for. */
class TallyTest {
    private static final Execution EXECUTION = new Execution(7, false);
    private static final Remains WHOLE = new Remains(1, 1, "");

    @ParameterizedTest
    @CsvSource({
        // holder, next in Java, next in C, failures
        "JAVA, TOLD, TOLD, 0",
        "JAVA, FREE, FREE, 0",
        "JAVA, TORN, TORN, 1",
        "JAVA, HANGS, HANGS, 1",
        "JAVA, REFUSED, REFUSED, 1",
        "JAVA, TOLD, FREE, 1",
        "JAVA, FREE, TOLD, 1",
        "JAVA, TOLD, HANGS, 1",
        "C, TOLD, TOLD, 0",
        "C, FREE, FREE, 0",
        "C, TORN, TORN, 0",
        "C, HANGS, HANGS, 0",
        "C, TOLD, HANGS, 0",
        "C, HANGS, TOLD, 1",
        "C, TORN, TOLD, 1",
        "C, FREE, TOLD, 1",
        "C, TORN, HANGS, 1"
    })
    void shouldCountWhatIsNotAsItMustBe(Holder holder, Finding.Kind java, Finding.Kind c, int failures) {
        Tally tally = new Tally(holder);
        tally.add(9, EXECUTION, WHOLE, new Finding(java, ""), List.of(new Finding(c, "")));
        assertThat(tally.failed()).isEqualTo(failures);
        assertThat(tally.points()).isEqualTo(1);
        assertThat(tally.different()).isEqualTo(java == c ? 0 : 1);
    }

    @Test
    void shouldCountWordsThatWereTornAndTold() {
        Tally tally = new Tally(Holder.JAVA);
        Finding told = Finding.of(true, false);
        tally.add(9, EXECUTION, new Remains(2, 1, ""), told, List.of(told));
        tally.add(9, EXECUTION, WHOLE, told, List.of());
        assertThat(tally.tornAndTold()).isEqualTo(1);
        assertThat(tally.count(Finding.Kind.TOLD)).isEqualTo(2);
        assertThat(tally.failed()).isZero();
    }

    @Test
    void shouldKnowWhetherThereMayBeMoreInstructions() {
        Tally tally = new Tally(Holder.JAVA);
        Finding free = Finding.of(false, true);
        tally.add(8, EXECUTION, WHOLE, free, List.of());
        assertThat(tally.reachedEveryPoint()).isTrue();
        tally.add(9, new Execution(8, true), WHOLE, free, List.of());
        assertThat(tally.reachedEveryPoint()).isFalse();
        tally.add(10, EXECUTION, WHOLE, free, List.of());
        assertThat(tally.reachedEveryPoint()).isTrue();
    }
}
