package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.errors.OwnerDiedException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.TestRegion;
import java.util.Random;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of {@code StackOverflowTest}: threads recurse to the end of their stacks while they lock and unlock at every depth. After each
 * overflow, while the thread still lives, the word, the list and the pending word must be as before, and another thread gets the lock.
 *
 * <p>As a soak: {@code java -cp core/target/classes:core/target/test-classes --enable-native-access=ALL-UNNAMED io.mortmain.StackEnds
 * 20000 1}; the arguments are the runs of each shape and the seed, and {@code virtual} for virtual threads.
 */
final class StackEnds {
    private static final MappedWords WORDS = MappedWords.INSTANCE;
    private static final int STACK_BYTES = 192 << 10;
    /** More than any proof of the stack asks for, and than the frames that move the others. */
    private static final int FRAMES_FROM_END = 700;

    private static final int HEAP_SIZE = 1 << 14;
    private static final int[] BOTH = {0, 1};

    private final RobustMutex mutex;
    private final RobustMutex other;
    private final RobustMutex recursive;
    private final RobustMutex failing;
    private final Guarded<Pair> guarded;
    private final GuardedArray<Pair> array;
    private final GuardedArray<Pair> striped;
    private final SharedHeap heap;
    private final Lock asLock;
    private final Lock deadLock;
    /** Whether the threads are virtual: their frames are on the stack of a carrier, and deputies lock for them. */
    private final boolean virtual;

    private int overflows;
    private int wrong;

    private StackEnds(Region region, boolean virtual) {
        this.virtual = virtual;
        mutex = region.mutex("plain");
        other = region.mutex("other");
        recursive = region.mutex("recursive", MutexKind.RECURSIVE, null);
        guarded = region.guarded("guarded", new Pair(0, 0));
        array = region.guardedArray("array", 2, new Pair(0, 0));
        striped = region.guardedArray("striped", 2, new Pair(0, 0), GuardedArray.Options.DEFAULT.withStripes(2));
        heap = region.heap("heap", HEAP_SIZE);
        heap.update(tx -> tx.setRoot(tx.allocate(2 * Long.BYTES)));
        asLock = mutex.asLock();
        RobustMutex died = region.mutex("died");
        deadLock = died.asLock();
        failing = region.mutex("died", _ -> {
            throw new IllegalStateException("not now");
        });
    }

    /** Together always 0; in an array, those of both elements. */
    private record Pair(long one, long other) {
        Pair plus(long more) {
            return new Pair(one + more, other);
        }
    }

    /** What a thread does at each depth. */
    private interface Shape {
        void recurse(int depth, long padding);
    }

    public static void main(String[] arguments) throws InterruptedException {
        int runs = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 2 * HEAP_SIZE)) {
            StackEnds ends = new StackEnds(region, arguments.length > 2);
            ends.warmUp();
            ends.run("close", ends::close, runs, seed, 0);
            ends.run("close, wide frames", ends::closeWide, runs, seed, 0);
            ends.run("asLock", ends::lockAndUnlock, runs, seed, 0);
            ends.run("guarded", ends::update, runs, seed, 0);
            int fewer = Math.max(1, runs / 4); // each run has as many transactions as the stack has room for calls
            ends.run("array", ends::updateArray, fewer, seed, 0);
            ends.run("striped array", ends::updateStriped, fewer, seed, 0);
            ends.run("heap", ends::updateHeap, fewer, seed, 0);
            ends.run("held while recursing", ends::nested, runs, seed, 0);
            ends.run("out of order", ends::outOfOrder, runs, seed, 0);
            if (!ends.virtual) { // a C mutex would be the carrier's
                ends.run("C below", ends::close, runs, seed, CMutexes.create());
            }
            ends.run("interruptible", ends::interruptible, runs, seed, 0);
            ends.dies();
            ends.run("repair fails", ends::repairFails, runs, seed, 0);
            ends.run("fails closed", ends::failsClosed, runs, seed, 0);
            ends.busy(runs, seed);
        }
        System.out.println("done");
    }

    /** Long enough for the compilers, where there are any. */
    private void warmUp() throws InterruptedException {
        boolean isInterpreted = System.getProperty("java.vm.info", "").startsWith("interpreted");
        onThread(() -> {
            try {
                lockOften(isInterpreted ? 100 : virtual ? 2_000 : 20_000);
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        });
    }

    private void lockOften(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            guarded.update(pair -> new Pair(pair.one() + 1, pair.other() - 1));
            array.update(BOTH, StackEnds::move);
            striped.update(BOTH, StackEnds::move);
            heap.update(StackEnds::move);
            try (Hold hold = mutex.lock()) {
                assert hold.mutex() == mutex;
            }
            asLock.lock();
            asLock.unlock();
            try (Hold hold = recursive.lock();
                    Hold inner = recursive.lockInterruptibly()) {
                assert inner != hold;
            }
        }
    }

    private int close(int depth, long padding) {
        try (Hold hold = mutex.lock()) {
            hold.predecessorDied();
        }
        return depth % 3 == 0 ? 1 + close(depth + 1, padding + 1) : 2 + close(depth + 1, padding);
    }

    private long closeWide(int depth, long padding) {
        long a = padding + 1;
        long b = padding + 2;
        long c = padding + 3;
        long d = padding + 4;
        long e = padding + 5;
        try (Hold hold = mutex.lock()) {
            hold.predecessorDied();
        }
        return a + b + c + d + e + closeWide(depth + 1, padding + 1);
    }

    private int lockAndUnlock(int depth, long padding) {
        asLock.lock();
        try {
            padding++;
        } finally {
            asLock.unlock();
        }
        return 1 + lockAndUnlock(depth + 1, padding);
    }

    private int update(int depth, long padding) {
        guarded.update(pair -> new Pair(pair.one() + 1, pair.other() - 1));
        return depth % 3 == 0 ? 1 + update(depth + 1, padding + 1) : 2 + update(depth + 1, padding);
    }

    private int updateArray(int depth, long padding) {
        array.update(BOTH, StackEnds::move);
        return depth % 3 == 0 ? 1 + updateArray(depth + 1, padding + 1) : 2 + updateArray(depth + 1, padding);
    }

    private int updateStriped(int depth, long padding) {
        striped.update(BOTH, StackEnds::move);
        return depth % 3 == 0 ? 1 + updateStriped(depth + 1, padding + 1) : 2 + updateStriped(depth + 1, padding);
    }

    private int updateHeap(int depth, long padding) {
        heap.update(StackEnds::move);
        return depth % 3 == 0 ? 1 + updateHeap(depth + 1, padding + 1) : 2 + updateHeap(depth + 1, padding);
    }

    private static void move(GuardedArray.Elements<Pair> both) {
        both.update(0, pair -> pair.plus(1));
        both.update(1, pair -> pair.plus(-1));
    }

    private static void move(HeapTransaction heap) {
        long root = heap.root();
        long other = heap.allocate(Long.BYTES);
        heap.putLong(other, 0, heap.getLong(root, 0) + 1);
        heap.putLong(root, 0, heap.getLong(other, 0));
        heap.putLong(root, Long.BYTES, -heap.getLong(other, 0));
        heap.free(other);
    }

    private int nested(int depth, long padding) {
        try (Hold hold = recursive.lock()) {
            hold.predecessorDied();
            return 1 + nested(depth + 1, padding);
        }
    }

    private int outOfOrder(int depth, long padding) {
        Hold above = null;
        try (Hold below = mutex.lock()) {
            below.predecessorDied();
            above = other.lock();
        } finally {
            if (above != null) {
                above.close();
            }
        }
        return 1 + outOfOrder(depth + 1, padding);
    }

    private int interruptible(int depth, long padding) {
        try (Hold hold = mutex.lockInterruptibly()) {
            hold.predecessorDied();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
        return 1 + interruptible(depth + 1, padding);
    }

    private int repairFails(int depth, long padding) {
        try {
            failing.lock().close();
        } catch (OwnerDiedException expected) {
            padding++;
        }
        return 1 + repairFails(depth + 1, padding);
    }

    private int failsClosed(int depth, long padding) {
        try {
            deadLock.lock();
        } catch (OwnerDiedException expected) {
            padding++;
        }
        return 1 + failsClosed(depth + 1, padding);
    }

    private int findsBusy(int depth, long padding) {
        if (mutex.tryLock() != null) {
            throw new AssertionError("two holders");
        }
        return 1 + findsBusy(depth + 1, padding);
    }

    private void dies() throws InterruptedException {
        Thread dying = new Thread(() -> {
            Hold kept = failing.tryLock();
            assert kept != null;
        });
        dying.start();
        dying.join();
        while ((word(failing) & GlibcMutexLayout.OWNER_DIED) == 0) {
            Thread.onSpinWait(); // the kernel marks it when the thread is gone for the kernel too
        }
    }

    private void busy(int runs, long seed) throws InterruptedException {
        try (Hold hold = mutex.lock()) {
            int held = word(mutex);
            Random random = new Random(seed);
            for (int run = 0; run < runs; run++) {
                int skew = random.nextInt(256);
                onThread(() -> {
                    overflow(this::findsBusy, skew);
                    check("busy", run(skew), word(mutex) == held && isListed(0));
                });
            }
            assert !hold.predecessorDied();
        }
        report("busy", runs);
    }

    private static String run(int skew) {
        return "skew " + skew;
    }

    private void run(String name, Shape shape, int runs, long seed, long c) throws InterruptedException {
        Random random = new Random(seed);
        for (int run = 0; run < runs; run++) {
            int skew = random.nextInt(256);
            onThread(() -> {
                if (c != 0) {
                    CMutexes.lock(c);
                }
                overflow(shape, skew);
                boolean right = isListed(c) && free(mutex) && free(other) && free(recursive) && free(failing);
                check(name, run(skew), right && areWhole() && othersCanLock());
                if (c != 0) {
                    CMutexes.unlock(c);
                }
            });
            heal();
        }
        report(name, runs);
    }

    private void report(String name, int runs) {
        System.out.println("shape " + name + ": overflows " + overflows + " of " + runs + " wrong " + wrong);
        overflows = 0;
        wrong = 0;
    }

    private void onThread(Runnable action) throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread thread = virtual
                ? Thread.ofVirtual().unstarted(action)
                : Thread.ofPlatform().stackSize(STACK_BYTES).unstarted(action);
        thread.setUncaughtExceptionHandler((_, thrown) -> failure[0] = thrown);
        thread.start();
        thread.join();
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
    }

    private void overflow(Shape shape, int skew) {
        try {
            if (virtual) {
                dive(shape, skew, new int[1]);
            } else {
                skewed(shape, skew);
            }
        } catch (StackOverflowError expected) {
            overflows++;
        } catch (LockException leaked) {
            System.out.println(leaked);
        }
    }

    /** To the end, and back by some frames: a deputy at every depth of a whole stack would take too long. */
    private static void dive(Shape shape, int skew, int[] unwound) {
        try {
            dive(shape, skew, unwound);
        } catch (StackOverflowError end) {
            if (unwound[0] < 0 || ++unwound[0] < FRAMES_FROM_END) {
                throw end;
            }
            unwound[0] = -1;
            skewed(shape, skew);
        }
    }

    /** Moves the frames that follow, by steps of one small frame. */
    private static void skewed(Shape shape, int skew) {
        if (skew > 0) {
            if (skew % 2 == 0) {
                skewed(shape, skew - 1);
            } else {
                skewedMore(shape, skew, skew);
            }
        } else {
            shape.recurse(0, 0);
        }
    }

    private static void skewedMore(Shape shape, int skew, long more) {
        if (more > 0) {
            skewed(shape, skew - 1);
        }
    }

    private void check(String name, String run, boolean right) {
        if (!right) {
            wrong++;
            if (wrong <= 3) {
                long head = KernelThread.robustListHead();
                System.out.printf(
                        "WRONG %s, %s: words %x %x %x %x, first is head %b, pending %x%n",
                        name,
                        run,
                        word(mutex),
                        word(other),
                        word(recursive),
                        word(failing),
                        WORDS.getLongPlain(head + RobustListLayout.FIRST) == head,
                        WORDS.getLongPlain(head + RobustListLayout.PENDING));
            }
        }
    }

    private static boolean isListed(long c) {
        long head = KernelThread.robustListHead();
        long first = c == 0 ? head : c + GlibcMutexLayout.NODE;
        return WORDS.getLongPlain(head + RobustListLayout.FIRST) == first
                && WORDS.getLongPlain(first) == head
                && WORDS.getLongPlain(head + RobustListLayout.PENDING) == 0;
    }

    private static boolean free(RobustMutex mutex) {
        return (word(mutex) & GlibcMutexLayout.TID_MASK) == 0;
    }

    private static int word(RobustMutex mutex) {
        return WORDS.getIntVolatile(mutex.pthreadMutex().address() + GlibcMutexLayout.LOCK);
    }

    private boolean othersCanLock() {
        boolean[] could = new boolean[1];
        try {
            onThread(() -> could[0] = take(mutex) && take(other) && take(recursive) && areWhole());
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
        return could[0];
    }

    /** For whoever asks: the thread whose stack ended, too, is within no call any more. */
    private boolean areWhole() {
        Pair pair = guarded.get();
        long inHeap = heap.read(view -> view.getLong(view.root(), 0) + view.getLong(view.root(), Long.BYTES));
        return pair.one() + pair.other() == 0
                && array.get(0).one() + array.get(1).one() == 0
                && striped.get(0).one() + striped.get(1).one() == 0
                && inHeap == 0
                && heap.checkInvariants() == 1;
    }

    /** After a leak, so that the next run counts for itself. */
    private void heal() throws InterruptedException {
        for (RobustMutex each : new RobustMutex[] {mutex, other, recursive}) {
            while (word(each) != 0) {
                try (Hold hold = each.tryLock()) {
                    if (hold != null && hold.predecessorDied()) {
                        hold.markConsistent();
                    }
                }
            }
        }
    }

    private static boolean take(RobustMutex mutex) {
        @Nullable Hold hold = mutex.tryLock();
        if (hold == null) {
            return false;
        }
        hold.close();
        return true;
    }
}
