package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Seed;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** D15: the stack ends at any point of lock and unlock, in the interpreter and under each compiler. */
class StackOverflowTest {
    @ParameterizedTest
    @CsvSource({"-Xint,8", "-XX:TieredStopAtLevel=1,25", "-XX:TieredStopAtLevel=4,15"})
    void shouldLeaveNothingLockedWhereverTheStackEnds(String mode, int runs) {
        requireNothingLocked(List.of(mode), runs);
    }

    /** Its frames are on the stack of its carrier, which is made small here; what a deputy has begun must come to its end. */
    @ParameterizedTest
    @CsvSource({"-Xint,2", "-XX:TieredStopAtLevel=1,1", "-XX:TieredStopAtLevel=4,1"})
    void shouldLeaveNothingLockedWhereverTheStackOfAVirtualThreadEnds(String mode, int runs) {
        requireNothingLocked(List.of(mode, "-Xss256k"), runs, "virtual");
    }

    private static void requireNothingLocked(List<String> options, int runs, String... more) {
        long seed = Seed.of(options.toString());
        String[] arguments = Stream.concat(Stream.of(Integer.toString(runs), Long.toString(seed)), Stream.of(more))
                .toArray(String[]::new);
        try (TestProcess ends = TestProcess.java(options, StackEnds.class, arguments)) {
            for (String line = ends.next(); !line.equals("done"); line = ends.next()) {
                if (line.startsWith("shape ")) {
                    assertThat(line).containsPattern(": overflows (\\d+) of \\1 wrong 0$");
                }
            }
        }
    }

    /**
     * Classes are loaded and initialised at the first use, which comes near the end of the stack. The JVM gives a class up for ever
     * whose initialiser fails, so the process may be unable to use the library from then on; but it holds nothing.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
    void shouldHoldNothingWhenTheFirstUseMetTheEndOfTheStack(String mode) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0);
                TestProcess ends = TestProcess.java(List.of(mode), FirstUseAtStackEnd.class, name.name())) {
            System.out.println(mode + ", " + ends.expect("first use: "));
            try (Hold hold = region.mutex("m").tryLock()) {
                assertThat(hold).isNotNull();
                assertThat(hold.predecessorDied()).isFalse();
            }
            assertThat(ends.isAlive()).isTrue();
        }
    }
}
