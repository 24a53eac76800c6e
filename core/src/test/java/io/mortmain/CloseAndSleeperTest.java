package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.RegionException;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.TestRegion;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Row D3: a thread releases a mutex while another closes the region, and a C process sleeps on it: nobody sleeps on a free mutex. */
class CloseAndSleeperTest {
    private static final int ROUNDS = 400;
    private static final int SPINS = 4_000;

    @AfterAll
    static void endSpares() {
        MutexPeer.endSpares();
    }

    @Test
    void shouldWakeASleeperOfAnotherProcessWhenTheRegionIsClosedDuringTheRelease() throws Exception {
        long seed = Long.getLong("mortmain.seed", System.nanoTime());
        System.out.println("CloseAndSleeperTest: -Dmortmain.seed=" + seed);
        Random random = new Random(seed);
        int refused = 0;
        try (TestRegion name = new TestRegion()) {
            try (Region region = Region.create(name.name(), 0)) {
                region.mutex(MutexPeer.MUTEX);
            }
            try (MutexPeer sleeper = MutexPeer.start(Language.C).open(name, MutexKind.ERROR_CHECKING)) {
                for (int round = 0; round < ROUNDS; round++) {
                    refused += closeDuringTheRelease(name, sleeper, random) ? 0 : 1;
                    assertThat(sleeper.answer("waits")).as("round " + round).isEqualTo("0");
                    assertThat(sleeper.ask("unlock")).isEqualTo("0");
                }
            }
        }
        System.out.println("CloseAndSleeperTest: " + ROUNDS + " closes, " + refused + " refused");
        assertThat(refused).isBetween(1, ROUNDS - 1);
    }

    /** Whether the region was closed at the first attempt; it is closed afterwards. */
    private static boolean closeDuringTheRelease(TestRegion name, MutexPeer sleeper, Random random)
            throws InterruptedException {
        Region region = Region.open(name.name());
        RobustMutex mutex = region.mutex(MutexPeer.MUTEX);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch mayRelease = new CountDownLatch(1);
        int releaserSpins = random.nextInt(SPINS);
        Thread releaser = Thread.ofPlatform().start(() -> {
            try (Hold hold = mutex.lock()) {
                held.countDown();
                spin(mayRelease, releaserSpins);
                assertThat(hold.predecessorDied()).isFalse();
            }
        });
        held.await();
        sleeper.beginToWait();
        int closerSpins = random.nextInt(SPINS);
        mayRelease.countDown();
        spin(mayRelease, closerSpins);
        boolean closed = close(region);
        releaser.join();
        assertThat(closed || close(region)).isTrue();
        return closed;
    }

    private static boolean close(Region region) {
        try {
            region.close();
            return true;
        } catch (RegionException refused) {
            assertThat(refused.reason()).isEqualTo(RegionException.Reason.IN_USE);
            return false;
        }
    }

    private static void spin(CountDownLatch begin, int spins) {
        while (begin.getCount() > 0) {
            Thread.onSpinWait();
        }
        for (int left = spins; left > 0; left--) {
            Thread.onSpinWait();
        }
    }
}
