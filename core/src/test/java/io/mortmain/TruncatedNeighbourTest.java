package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A15 for a mutex whose own file is sound: only its neighbour on the list of the thread is gone with its page. */
class TruncatedNeighbourTest {
    /**
     * Not the release under the second compiler: there the JVM delivers the error when the method that released was left, after the mutex
     * was freed, so that no code of the library can turn it into a typed one.
     */
    @ParameterizedTest
    @CsvSource({"-Xint, 100", "-XX:TieredStopAtLevel=1, 20000", "-XX:TieredStopAtLevel=4, 60000"})
    void shouldLockAndReleaseASoundMutexWhenTheFileOfItsNeighbourIsTruncated(String mode, int warmUp) {
        try (TestProcess victim = TestProcess.java(List.of(mode), NeighbourVictim.class, Integer.toString(warmUp))) {
            for (String way : NeighbourVictim.ways(warmUp)) {
                assertThat(victim.next()).isEqualTo("way " + way);
                if (!way.startsWith("unlock")) {
                    assertThat(victim.next()).as(way).isEqualTo("held: HELD, users 1, listed 1 of 1, to others busy");
                }
                assertThat(victim.next()).as(way).isEqualTo("released: FREE, users 0, listed 0 of 0, to others clean");
                assertThat(victim.next()).as(way).isEqualTo("cut: DAMAGED");
                assertThat(victim.next()).as(way).isEqualTo("dies holding it true");
                assertThat(victim.next()).as("the next acquirer, " + way).isEqualTo("died");
            }
            assertThat(victim.exitCode()).isZero();
        }
    }
}
