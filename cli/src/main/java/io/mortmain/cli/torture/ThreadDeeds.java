package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeedSite.mutex;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.cli.torture.Deeds.Deed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** D10 and D15: threads that are virtual, or at the end of their stack or heap. */
final class ThreadDeeds {
    private static final int DIVES = 300;
    private static final long STACK = 512 << 10;
    private static final int FULL_HEAPS = 2;

    private ThreadDeeds() {}

    static void addTo(Map<String, Deed> all) {
        all.put("virtual-holds", ThreadDeeds::virtualHolds);
        all.put("virtual-waits", ThreadDeeds::virtualWaits);
        all.put("virtual-keeps", ThreadDeeds::virtualKeeps);
        all.put("stack-ends", ThreadDeeds::stackEnds);
        all.put("heap-ends", ThreadDeeds::heapEnds);
    }

    private static String virtualHolds(DeedSite site) throws Exception {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Throwable> failures = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try (Hold hold = mutex.lock()) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.sleep(2); // may go on with another carrier
                        inside.decrementAndGet();
                    } catch (Exception failed) {
                        synchronized (failures) {
                            failures.add(failed);
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            return failures.isEmpty()
                    ? most.get() == 1 ? "works" : most + " held at once"
                    : failures.getFirst().toString();
        }
    }

    /** With one carrier: who waits must not block it. */
    private static String virtualWaits(DeedSite site) throws Exception {
        Region region = site.region();
        RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
        CountDownLatch ran = new CountDownLatch(1);
        List<Throwable> failures = new ArrayList<>();
        Hold hold = mutex.lock();
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                mutex.lock().close();
            } catch (RuntimeException failed) {
                failures.add(failed);
            }
        });
        Thread.sleep(20);
        Thread.ofVirtual().start(ran::countDown);
        boolean free = ran.await(2, TimeUnit.SECONDS);
        hold.close();
        waiter.join();
        region.close();
        return failures.isEmpty()
                ? free ? "works" : "the carrier is blocked"
                : failures.getFirst().toString();
    }

    /** Returns while a virtual thread holds, in a section that it does not leave. */
    private static String virtualKeeps(DeedSite site) throws Exception {
        RobustMutex mutex = Region.open(site.path()).mutex("m0");
        site.kept().add(mutex);
        CountDownLatch held = new CountDownLatch(1);
        List<Throwable> failures = new ArrayList<>();
        Thread keeper = Thread.ofVirtual().start(() -> {
            try (Hold hold = mutex.lock()) {
                held.countDown();
                Thread.sleep(Duration.ofDays(1));
            } catch (RuntimeException | InterruptedException failed) {
                failures.add(failed);
                held.countDown();
            }
        });
        site.kept().add(keeper);
        held.await();
        return failures.isEmpty() ? "held" : failures.getFirst().toString();
    }

    private static String stackEnds(DeedSite site) throws Exception {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            int deepest = deepestDive(mutex);
            int locked = 0;
            int refused = 0;
            for (int i = 0; i < DIVES; i++) {
                int depth = deepest + DIVES / 2 - i;
                boolean done = succeeds(depth, mutex);
                locked += done ? 1 : 0;
                refused += done ? 0 : 1;
                Hold next = mutex.tryLock();
                if (next == null || next.predecessorDied()) {
                    return "stays locked at depth " + depth;
                }
                next.close();
            }
            return "happened or did not | " + locked + " did, " + refused + " did not";
        }
    }

    /** About the last frame from which there is stack enough: it varies with what the JIT has done. */
    private static int deepestDive(RobustMutex mutex) throws InterruptedException {
        int enough = 0;
        int tooMuch = (int) STACK / Long.BYTES;
        while (tooMuch - enough > 1) {
            int middle = (enough + tooMuch) / 2;
            if (succeeds(middle, mutex)) {
                enough = middle;
            } else {
                tooMuch = middle;
            }
        }
        return enough;
    }

    private static boolean succeeds(int depth, RobustMutex mutex) throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Runnable task = () -> {
            try {
                dive(depth, mutex);
                done.set(true);
            } catch (StackOverflowError expected) {
                done.set(false);
            }
        };
        Thread thread = new Thread(null, task, "deep", STACK);
        thread.start();
        thread.join();
        return done.get();
    }

    private static void dive(int further, RobustMutex mutex) {
        if (further <= 0) {
            mutex.lock().close();
        } else {
            dive(further - 1, mutex);
        }
    }

    private static String heapEnds(DeedSite site) {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            int refused = 0;
            for (int i = 0; i < FULL_HEAPS; i++) {
                refused += lockWithFullHeap(mutex) ? 0 : 1;
                Hold next = mutex.tryLock();
                if (next == null) {
                    return "stays locked";
                }
                next.close();
            }
            return "happened or did not | " + refused + " of " + FULL_HEAPS + " did not";
        }
    }

    private static boolean lockWithFullHeap(RobustMutex mutex) {
        Object[] all = null;
        for (int size = 1 << 20; size >= 1; ) {
            try {
                Object[] more = new Object[size];
                more[0] = all;
                all = more;
            } catch (OutOfMemoryError full) {
                size /= 2;
            }
        }
        try {
            for (int i = 0; i < 1000; i++) {
                mutex.lock().close();
            }
            return all != null;
        } catch (OutOfMemoryError expected) {
            return false;
        }
    }
}
