package io.mortmain;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.testing.Garbage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A JVM of {@code VirtualThreadTest}; the first argument says what it does. */
final class VirtualThreadPeer {
    /** Shared memory is what each of many increments. */
    static final int THREADS = 2_000;

    static final int INCREMENTS = 5;
    private static final int AT_ONCE = 100;

    private VirtualThreadPeer() {}

    public static void main(String[] arguments) throws Exception {
        try (Region region = Region.open(arguments[1])) {
            switch (arguments[0]) {
                case "wait" -> waitWhileAnotherRuns(region);
                case "change-carrier" -> changeCarrier(region);
                case "count" -> count(region);
                case "hold-many" -> holdMany(region);
                case "leak" -> leak(region);
                default -> throw new AssertionError(arguments[0]);
            }
        }
    }

    /** Another process holds the mutex until it is told that the second thread came to its end. */
    private static void waitWhileAnotherRuns(Region region) throws Exception {
        RobustMutex mutex = region.mutex("m");
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiters.add(Thread.ofVirtual().start(() -> {
                mutex.lock().close();
                System.out.println("acquired");
            }));
        }
        VirtualThreads.awaitSleeper(mutex);
        AtomicInteger steps = new AtomicInteger();
        Thread.ofVirtual()
                .start(() -> {
                    while (steps.incrementAndGet() < 1_000) {
                        Thread.yield();
                    }
                })
                .join();
        System.out.println("others ran " + steps);
        for (Thread waiter : waiters) {
            waiter.join();
        }
    }

    /** Two carriers: while one is kept busy, the holder goes on on the other. */
    private static void changeCarrier(Region region) throws Exception {
        RobustMutex mutex = region.mutex("m");
        Thread.ofVirtual()
                .start(() -> {
                    try (Hold hold = mutex.lock()) {
                        String first = carrier();
                        while (carrier().equals(first)) {
                            keepBusyUntilMoved(first);
                        }
                        System.out.println("changed its carrier, died " + hold.predecessorDied());
                        System.out.println("others get " + elsewhere(mutex));
                    }
                    System.out.println("then others get " + elsewhere(mutex));
                })
                .join();
    }

    private static void keepBusyUntilMoved(String first) {
        AtomicBoolean moved = new AtomicBoolean();
        Thread busy = Thread.ofVirtual().start(() -> {
            if (carrier().equals(first)) {
                while (!moved.get()) {
                    Thread.onSpinWait();
                }
            }
        });
        LockSupport.parkNanos(1_000_000);
        moved.set(true);
        while (busy.isAlive()) {
            Thread.yield();
        }
    }

    private static String carrier() {
        String thread = Thread.currentThread().toString(); // VirtualThread[#22]/runnable@ForkJoinPool-1-worker-1
        return thread.substring(thread.lastIndexOf('@') + 1);
    }

    private static String elsewhere(RobustMutex mutex) {
        AtomicBoolean got = new AtomicBoolean();
        Thread other = Thread.ofPlatform().start(() -> {
            Hold hold = mutex.tryLock();
            got.set(hold != null);
            if (hold != null) {
                hold.close();
            }
        });
        try {
            other.join();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
        return got.get() ? "it" : "nothing";
    }

    private static void count(Region region) throws Exception {
        RobustMutex mutex = region.mutex("m");
        MemorySegment counter = region.memory("counter", Long.BYTES);
        AtomicInteger mostDeputies = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            boolean handsOver = i % 4 == 0;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < INCREMENTS; n++) {
                    try (Hold hold = handsOver ? mutex.lockForHandOver() : mutex.lock()) {
                        Thread.yield();
                        counter.set(JAVA_LONG, 0, counter.get(JAVA_LONG, 0) + (hold.predecessorDied() ? 0 : 1));
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            mostDeputies.accumulateAndGet(VirtualThreads.deputies().size(), Math::max);
            thread.join();
        }
        System.out.println("deputies " + mostDeputies);
    }

    /** Each holds a mutex of its own at the same time; then all are idle. */
    private static void holdMany(Region region) throws Exception {
        List<RobustMutex> mutexes = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            mutexes.add(region.mutex("m" + i));
        }
        AtomicInteger holding = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (RobustMutex mutex : mutexes) {
            threads.add(Thread.ofVirtual().start(() -> {
                try (Hold hold = mutex.lock()) {
                    holding.addAndGet(hold.predecessorDied() ? 0 : 1);
                    VirtualThreads.await(enough::get);
                }
            }));
        }
        VirtualThreads.await(() -> holding.get() == AT_ONCE);
        System.out.println("busy " + VirtualThreads.deputies().size());
        enough.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        VirtualThreads.await(() -> VirtualThreads.deputies().size() <= 64);
        System.out.println("bounded");
        VirtualThreads.await(() -> VirtualThreads.deputies().isEmpty());
        System.out.println("none left");
        Thread.ofVirtual().start(() -> mutexes.getFirst().lock().close()).join();
        System.out.println("again " + VirtualThreads.deputies().size());
    }

    private static void leak(Region region) throws Exception {
        RobustMutex mutex = region.mutex("m");
        Thread.ofVirtual().start(() -> dropTheHold(mutex)).join();
        Garbage.collectUntilToldToEnd();
        Runtime.getRuntime().halt(0);
    }

    private static void dropTheHold(RobustMutex mutex) {
        Objects.requireNonNull(mutex.lock());
    }
}
