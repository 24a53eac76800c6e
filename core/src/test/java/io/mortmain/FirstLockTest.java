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
                assertThat(name.seenMutex(0).state()).isEqualTo(MutexSnapshot.State.HELD);
            }
            assertThat(name.seenMutex(0).state()).isEqualTo(MutexSnapshot.State.FREE);
        }
    }
}
