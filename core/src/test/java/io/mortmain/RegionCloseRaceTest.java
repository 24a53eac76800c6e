package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Row D3 under load: threads lock and unlock while another closes the region and opens it, or another one, at the same addresses. */
class RegionCloseRaceTest {
    private static final int LOCKERS = 3;
    private static final int CLOSES = 400;

    private record Opened(int which, Region region, RobustMutex mutex) {}

    private final AtomicReference<Opened> current = new AtomicReference<>();
    private final AtomicIntegerArray inside = new AtomicIntegerArray(2);
    private final AtomicInteger acquired = new AtomicInteger();
    private final AtomicInteger toldClosed = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @Test
    void shouldLeaveNoWordHeldWhenThreadsLockWhileAnotherCloses() throws Exception {
        long seed = Seed.of("closes");
        try (TestRegion first = new TestRegion();
                TestRegion second = new TestRegion()) {
            List<TestRegion> names = List.of(first, second);
            for (TestRegion name : names) {
                Region.create(name.name(), 0).close();
            }
            int refused = run(new Random(seed), names);
            System.out.println("RegionCloseRaceTest: " + CLOSES + " closes, " + refused + " refusals before, "
                    + acquired + " acquisitions, " + toldClosed + " times told that it is closed");
            assertThat(wrong).isEmpty();
            assertThat(acquired).hasPositiveValue();
            assertThat(toldClosed).hasPositiveValue();
            for (TestRegion name : names) {
                assertThat(name.seenMutex(0).state()).isEqualTo(MutexSnapshot.State.FREE);
            }
        }
    }

    private int run(Random random, List<TestRegion> names) throws InterruptedException {
        current.set(open(names, 0));
        List<Thread> lockers = new ArrayList<>();
        for (int i = 0; i < LOCKERS; i++) {
            Random own = new Random(random.nextLong());
            lockers.add(Thread.ofPlatform().start(() -> lockAndUnlock(own)));
        }
        int refused = 0;
        for (int closes = 0; closes < CLOSES && wrong.isEmpty(); closes++) {
            Opened opened = current.get();
            for (int spin = random.nextInt(60_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            refused += close(opened);
            current.set(open(names, random.nextInt(2)));
        }
        over = true;
        for (Thread locker : lockers) {
            locker.join();
        }
        current.get().region().close();
        return refused;
    }

    private static Opened open(List<TestRegion> names, int which) {
        Region region = Region.open(names.get(which).name());
        return new Opened(which, region, region.mutex("book"));
    }

    /** Again until nobody is inside; how often it was refused. */
    private int close(Opened opened) {
        for (int refused = 0; ; refused++) {
            try {
                opened.region().close();
                return refused;
            } catch (RegionException inUse) {
                if (inUse.reason() != RegionException.Reason.IN_USE) {
                    wrong.add(inUse);
                    return refused;
                }
            }
        }
    }

    private void lockAndUnlock(Random random) {
        try {
            while (!over && wrong.isEmpty()) {
                Opened opened = current.get();
                for (int spin = random.nextInt(3_000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                try (Hold hold = opened.mutex().lock()) {
                    int others = inside.getAndIncrement(opened.which());
                    if (others != 0 || hold.predecessorDied()) {
                        wrong.add(new AssertionError("two holders, or a death: " + others));
                    }
                    inside.getAndDecrement(opened.which());
                    acquired.incrementAndGet();
                } catch (LockException refused) {
                    if (refused.reason() != LockException.Reason.CLOSED) {
                        wrong.add(refused);
                    }
                    toldClosed.incrementAndGet();
                }
            }
        } catch (Throwable failed) {
            wrong.add(failed);
        }
    }
}
