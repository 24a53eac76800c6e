package io.mortmain.cli.stepper;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.torture.Verdict;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which findings are failures: all that is not as it must be after a Java holder, and after one in C what glibc alone is not to blame for. */
class TallyTest {
    private static final Execution EXECUTION = new Execution(7, false);
    private static final int OWNER_DIED = 0x40000000;
    private static final Remains HELD = new Remains(1, 1, OptionalInt.of(OWNER_DIED), "");
    private static final Remains FREED = new Remains(1, 1, OptionalInt.of(0), "");

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
        "C, TORN, TORN, 1",
        "C, REFUSED, REFUSED, 1",
        "C, TOLD, TORN, 1",
        "C, TOLD, REFUSED, 1",
        "C, HANGS, HANGS, 1",
        "C, TOLD, HANGS, 0",
        "C, HANGS, TOLD, 1",
        "C, TORN, TOLD, 1",
        "C, FREE, TOLD, 1",
        "C, TORN, HANGS, 1"
    })
    void shouldCountWhatIsNotAsItMustBe(Holder holder, Finding.Kind java, Finding.Kind c, int failures) {
        Tally tally = new Tally(holder);
        Remains remains = java == Finding.Kind.FREE ? FREED : HELD;
        tally.add(9, EXECUTION, remains, new Finding(java, ""), List.of(new Finding(c, "")));
        assertThat(tally.failed()).isEqualTo(failures);
        assertThat(tally.points()).isEqualTo(1);
        assertThat(tally.different()).isEqualTo(java == c ? 0 : 1);
    }

    /** Though the words are equal and both acquirers find the same. */
    @ParameterizedTest
    @CsvSource({
        // word that was left, found, failures
        "0, FREE, 0",
        "0, TOLD, 1",
        "0x40000000, TOLD, 0",
        "0x40000000, FREE, 1",
        "0x00001234, TOLD, 0",
        "0x00001234, FREE, 1",
        ", FREE, 1",
        ", TOLD, 1"
    })
    void shouldJudgeByTheWordThatWasLeft(Integer word, Finding.Kind found, int failures) {
        OptionalInt left = word == null ? OptionalInt.empty() : OptionalInt.of(word);
        for (Holder holder : Holder.values()) {
            Tally tally = new Tally(holder);
            Finding finding = new Finding(found, "");
            tally.add(9, EXECUTION, new Remains(1, 1, left, "is here"), finding, List.of(finding));
            assertThat(tally.failed()).isEqualTo(failures);
        }
    }

    @Test
    void shouldSayWhatWasToBeFound() {
        Tally tally = new Tally(Holder.JAVA);
        tally.add(
                9,
                EXECUTION,
                new Remains(1, 1, OptionalInt.of(OWNER_DIED), "is here"),
                Finding.of(false, true),
                List.of());
        assertThat(tally.failures())
                .containsExactly("after instruction 7 of 9: the next in Java: free; the words are 1 and 1, the mutex is"
                        + " here, so the next is to find: told");
    }

    @ParameterizedTest
    @CsvSource({
        // found, so many instructions apart, verdict
        "FFFF, 7, OK",
        "TTTT, 7, OK",
        "FFTTFF, 7, OK",
        "FFTFTF, 7, FAILED",
        "TFFT, 7, FAILED",
        "THTF, 7, FAILED",
        "TFT, 6, OK",
        "TTFT, 6, OK",
        "FTFTFT, 1, OK"
    })
    void shouldWantThoseThatAreToldInOneStretch(String found, int apart, Verdict verdict) {
        Tally tally = new Tally(Holder.C);
        for (int i : new int[] {3, 1, 0, 2, 5, 4}) {
            if (i < found.length()) {
                Finding finding = new Finding(
                        switch (found.charAt(i)) {
                            case 'F' -> Finding.Kind.FREE;
                            case 'T' -> Finding.Kind.TOLD;
                            default -> Finding.Kind.HANGS;
                        },
                        "");
                tally.add(
                        1 + i * apart,
                        EXECUTION,
                        finding.kind() == Finding.Kind.FREE ? FREED : HELD,
                        finding,
                        List.of(finding));
            }
        }
        HolderResult result = HolderResult.of(Holder.C, 99, 99, tally, "Java, C", 1, "");
        assertThat(result.verdict()).isEqualTo(verdict);
    }

    @Test
    void shouldSayWhereTheStretchIsBroken() {
        Tally tally = new Tally(Holder.JAVA);
        tally.add(10, EXECUTION, HELD, Finding.of(true, true), List.of());
        tally.add(20, EXECUTION, FREED, Finding.of(false, true), List.of());
        tally.add(30, EXECUTION, HELD, Finding.of(true, true), List.of());
        assertThat(HolderResult.of(Holder.JAVA, 40, 40, tally, "Java", 1, "").reason())
                .isEqualTo("free after instruction 20, between 10 and 30, which were told");
    }

    @Test
    void shouldCountWordsThatWereTornAndTold() {
        Tally tally = new Tally(Holder.JAVA);
        Finding told = Finding.of(true, false);
        tally.add(9, EXECUTION, new Remains(2, 1, OptionalInt.of(OWNER_DIED), ""), told, List.of(told));
        tally.add(9, EXECUTION, HELD, told, List.of());
        assertThat(tally.tornAndTold()).isEqualTo(1);
        assertThat(tally.count(Finding.Kind.TOLD)).isEqualTo(2);
        assertThat(tally.failed()).isZero();
    }

    @Test
    void shouldKnowWhetherThereMayBeMoreInstructions() {
        Tally tally = new Tally(Holder.JAVA);
        Finding free = Finding.of(false, true);
        tally.add(8, EXECUTION, FREED, free, List.of());
        assertThat(tally.reachedEveryPoint()).isTrue();
        tally.add(9, new Execution(8, true), FREED, free, List.of());
        assertThat(tally.reachedEveryPoint()).isFalse();
        tally.add(10, EXECUTION, FREED, free, List.of());
        assertThat(tally.reachedEveryPoint()).isTrue();
    }
}
