package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.GiveUpException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.OwnerDiedException;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repairs that meet a fault of another mutex or of a file: it is not theirs to declare their own mutex lost. */
class RepairTest {
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4"})
    void shouldTellOfTheDeathsWhenAFileIsTruncatedDuringARepair(String mode) {
        try (TestProcess truncating = TestProcess.java(List.of(mode), TruncatingRepair.class)) {
            assertSays(truncating, "case own file", "lock: LockException DAMAGED", "again: LockException DAMAGED");
            assertTold(truncating);
            assertSays(truncating, "case other file", "lock: LockException OWNER_DIED");
            assertTold(truncating);
            assertSays(
                    truncating, "case declared", "consistent: LockException DAMAGED", "close: LockException DAMAGED");
            assertTold(truncating);
            assertThat(truncating.exitCode()).isZero();
        }
    }

    private static void assertTold(TestProcess truncating) {
        assertSays(truncating, "next of sound: died true", "removed true");
    }

    private static void assertSays(TestProcess process, String... lines) {
        for (String line : lines) {
            assertThat(process.next()).isEqualTo(line);
        }
    }

    @Test
    void shouldStayRecoverableWhenARepairMeetsAnotherMutexThatIsNot() throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex lost = region.mutex("lost");
            diesHolding(lost);
            lost.lock().close();
            RobustMutex mutex = region.mutex("m", _ -> lost.lock().close());
            diesHolding(mutex);
            for (int again = 0; again < 2; again++) {
                assertThatThrownBy(mutex::lock)
                        .isInstanceOf(OwnerDiedException.class)
                        .hasCauseInstanceOf(NotRecoverableException.class);
            }
            assertThat(RobustList.listed()).isEmpty();
            assertThatThrownBy(lost::lock).isInstanceOf(NotRecoverableException.class);
            try (Hold hold = region.mutex("m").lock()) {
                assertThat(hold.predecessorDied()).isTrue();
                hold.markConsistent();
            }
        }
    }

    @Test
    void shouldGiveUpForEverybodyWhenARepairSaysSo() throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            GiveUpException why = new GiveUpException("no copy of it is left");
            RobustMutex mutex = region.mutex("m", _ -> {
                throw why;
            });
            diesHolding(mutex);
            assertThatThrownBy(mutex::lock)
                    .isInstanceOf(NotRecoverableException.class)
                    .hasMessageContaining("no copy of it is left")
                    .hasCause(why);
            assertThat(RobustList.listed()).isEmpty();
            assertThatThrownBy(region.mutex("m")::lock).isInstanceOf(NotRecoverableException.class);
            try (Hold hold = mutex.reset()) {
                hold.markConsistent();
            }
            mutex.lock().close();
        }
    }

    private static void diesHolding(RobustMutex mutex) throws InterruptedException {
        Thread thread = new Thread(mutex::tryLock);
        thread.start();
        thread.join();
        RobustList.awaitMark(mutex.pthreadMutex().address());
    }
}
