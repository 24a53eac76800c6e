package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestRegion;
import org.junit.jupiter.api.Test;

/** The shortest path through the library. */
class FirstLockTest {
    @Test
    void shouldLockAndReleaseAMutexInANewRegion() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 16)) {
            RobustMutex mutex = region.mutex("book");
            try (Hold hold = mutex.lock()) {
                assertThat(hold.predecessorDied()).isFalse();
                assertThat(state(name)).isEqualTo(MutexSnapshot.State.HELD);
            }
            assertThat(state(name)).isEqualTo(MutexSnapshot.State.FREE);
        }
    }

    private static MutexSnapshot.State state(TestRegion name) {
        return Region.inspect(name.name())
                .objects()
                .get(0)
                .mutex()
                .orElseThrow()
                .state();
    }
}
