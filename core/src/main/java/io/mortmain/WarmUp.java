package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.errors.MortmainException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.KernelLockers;
import io.mortmain.internal.owner.OwnerWatch;
import io.mortmain.internal.owner.RegionTurns;
import io.mortmain.internal.owner.Takeover;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs every path of lock and unlock once, on a mutex in private memory, before the first shared one is touched: whatever has to be
 * loaded, initialised or linked, is, so that nothing of the kind can fail between the stores of a real acquisition. Goes on in the
 * background, for about a tenth of a second, until the JIT has compiled the way to be told of a death.
 */
final class WarmUp {
    /** One that lives as long as the process. */
    private static final int OTHER_THREAD = otherThread();

    /** Three times what the JIT's last tier asks for. */
    private static final int CALLS_UNTIL_COMPILED = 15_000;
    /** One rehearsal of so many waits for a holder. */
    private static final int CALLS_PER_WAIT = 16;
    /** Long enough to sleep in the kernel, which makes it as long as its timers are coarse. */
    private static final long WAIT_NANOS = 10_000;
    /** One of so many has the holder watched. */
    private static final int CALLS_PER_LONG_WAIT = 1_024;

    private static final long LONG_WAIT_NANOS = 2_000_000;

    private static final Words WORDS = MappedWords.INSTANCE;
    private static final Kernel KERNEL = LinuxKernel.INSTANCE;
    /** Where in the page the memory is that a call to the kernel needs; no mutex is there. */
    private static final int SCRATCH = 2048;

    /** Twice the JDK's default threshold. */
    private static final int CALLS_UNTIL_CUSTOMISED = 256;

    private static final long LOOK_MILLIS = 100;

    /** Who runs, or ran, the warm-up; null before. */
    static volatile @Nullable Thread rehearsing;

    /** Whether every path was run. */
    static volatile boolean exercised;

    private static volatile boolean done;

    private WarmUp() {}

    /** The main thread, which never runs Java, or, where the program that started the JVM in itself has ended it, one of the JVM. */
    private static int otherThread() {
        int main = (int) ProcessHandle.current().pid();
        return OwnerWatch.INSTANCE.isGone(main)
                ? KernelThread.named("VM Thread").orElse(main)
                : main;
    }

    /** Whether the caller is the warm-up, which no recording should show. */
    @SuppressWarnings("ReferenceEquality") // a thread is itself
    static boolean isCaller() {
        return Thread.currentThread() == rehearsing;
    }

    /**
     * Before the first mutex of this process is touched, that of a region's directory included. What failed is tried again at the next
     * call: memory may be there by then, and where the machine refuses, each caller gets the reason.
     *
     * @throws LockException reason {@code UNSUPPORTED_THREAD} where the threads of this process cannot hold robust mutexes
     * @throws RegionException where the kernel refuses, or memory lacks
     */
    static void require() {
        if (!done) {
            runOnce();
        }
    }

    /** Not in a static initialiser: a failure there would be a {@link LinkageError}, and lose the class for ever. */
    private static synchronized void runOnce() {
        if (!done) {
            Throwable failure = run();
            if (failure != null) {
                throw refusal(failure);
            }
            done = true;
        }
    }

    private static MortmainException refusal(Throwable failure) {
        if (failure instanceof LockException refused) {
            return new LockException(
                    refused.reason(), "this process cannot use Mortmain: " + refused.getMessage(), refused);
        }
        if (failure instanceof OutOfMemoryError) {
            return new RegionException(
                    Reason.LIMIT_REACHED,
                    "Mortmain's self-test had no memory (" + failure + "); give the process more, and try again",
                    failure);
        }
        return new RegionException(
                Reason.SYSTEM,
                "Mortmain's self-test failed (" + causes(failure)
                        + "); allow futex, get_robust_list, process_vm_readv and process_vm_writev in the seccomp profile,"
                        + " and give it memory",
                failure);
    }

    /** A class that could not be initialised says why in its cause only. */
    private static String causes(Throwable failure) {
        StringBuilder all = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            all.append(", because of ").append(cause);
        }
        return all.toString();
    }

    /**
     * On a thread of its own: the caller may be virtual, interrupted, or near the end of its stack, and a class whose initialiser fails
     * is lost to the JVM for ever.
     *
     * @return what went wrong, or null
     */
    private static @Nullable Throwable run() {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch exercised = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform()
                .name("mortmain-warm-up")
                .daemon()
                .uncaughtExceptionHandler((_, thrown) -> failure.set(thrown))
                .start(() -> exerciseAll(exercised, failure));
        await(exercised, thread);
        return failure.get();
    }

    /** Uninterruptibly; or until the thread has ended before its time. */
    private static void await(CountDownLatch exercised, Thread thread) {
        boolean interrupted = false;
        while (exercised.getCount() > 0 && thread.isAlive()) {
            try {
                boolean done = exercised.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                assert !done || exercised.getCount() == 0;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void exerciseAll(CountDownLatch exercised, AtomicReference<@Nullable Throwable> failure) {
        rehearsing = Thread.currentThread();
        long page = 0;
        try {
            page = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
            exercise(page);
            WarmUp.exercised = true;
        } catch (Throwable failed) { // told by the thread that waits
            failure.set(failed);
        } finally {
            exercised.countDown();
        }
        if (failure.get() == null) {
            compileTheWayToBeTold(page);
        }
        if (page != 0) {
            AddressSpace.unmap(page, AddressSpace.PAGE_SIZE);
        }
    }

    private static void exercise(long page) throws InterruptedException {
        callKernel(page);
        callWitness(page);
        for (MutexKind kind : MutexKind.values()) {
            WORDS.putIntRelease(page + GlibcMutexLayout.KIND, kind.word());
            exercise(page, kind);
        }
    }

    /**
     * A method handle spins a class of its own when it was invoked from the interpreter for the 128th time. Here, where that may fail,
     * and not in the middle of a release.
     */
    private static void callKernel(long page) {
        long scratch = page + SCRATCH;
        for (int i = 0; i < CALLS_UNTIL_CUSTOMISED; i++) {
            KERNEL.await(page, -1, 1, scratch); // the word is 0, so nobody sleeps
            KERNEL.wake(page, 1);
            boolean mapped = KERNEL.tryReadLong(page, scratch) && KERNEL.tryWriteLong(page, 0, scratch);
            if (!mapped) {
                throw new IllegalStateException(
                        "process_vm_readv or process_vm_writev does not work on this process itself");
            }
        }
    }

    private static void callWitness(long page) {
        Witness witness = OwnerWatch.INSTANCE;
        if (witness.isGone(OTHER_THREAD) || witness.isGone(KernelThread.id())) {
            throw new IllegalStateException("kill(2) or /proc says that a living thread is gone");
        }
        boolean unusedAnswer = witness.holds(page); // whatever it is
        Takeover takeover = new Takeover(WORDS, KERNEL, RegionTurns.INSTANCE);
        WORDS.putIntRelease(page, OTHER_THREAD);
        if (!takeover.mark(page, OTHER_THREAD, () -> true)) {
            throw new IllegalStateException("a word of private memory cannot be marked");
        }
        WORDS.putIntRelease(page, 0);
        for (int i = 0; i < CALLS_UNTIL_CUSTOMISED; i++) {
            Witness.Watch watch = witness.watch(page, OTHER_THREAD);
            if (watch != null) {
                watch.end();
            }
        }
    }

    /**
     * As often as it takes: being told is rare, and the first time would cost more in the interpreter than it takes the kernel to report
     * the death. What was compiled before a heap segment's class is loaded would be thrown away then, so it is loaded first; so would be
     * what was compiled without having seen that the holder is known, or a sleep in the kernel.
     */
    private static void compileTheWayToBeTold(long page) {
        MemorySegment heap = MemorySegment.ofArray(new byte[1]);
        int kind = WORDS.getIntPlain(page + GlibcMutexLayout.KIND) + (int) heap.get(ValueLayout.JAVA_BYTE, 0);
        RobustMutex mutex =
                new RobustMutex("the warm-up's mutex", page, kind, new Gate(), KernelLockers.INSTANCE, null);
        for (int i = 0; i < CALLS_UNTIL_COMPILED; i++) {
            if (i % CALLS_PER_WAIT == 0) {
                boolean others = i % (2 * CALLS_PER_WAIT) == 0;
                WORDS.putIntRelease(page, OTHER_THREAD | (others ? GlibcMutexLayout.WAITERS : 0));
                mutex.rehearseWaiting(i % CALLS_PER_LONG_WAIT == 0 ? LONG_WAIT_NANOS : WAIT_NANOS);
            }
            WORDS.putIntRelease(page + GlibcMutexLayout.OWNER, i % 2 == 0 ? OTHER_THREAD : 0);
            WORDS.putIntRelease(page, GlibcMutexLayout.OWNER_DIED | GlibcMutexLayout.WAITERS);
            mutex.rehearseBeingTold();
        }
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing is between the two
    private static void exercise(long page, MutexKind kind) throws InterruptedException {
        Gate gate = new Gate();
        RobustMutex mutex =
                new RobustMutex("the warm-up's mutex", page, kind.word(), gate, KernelLockers.INSTANCE, null);
        try (Hold hold = mutex.lock();
                Hold inner = kind == MutexKind.RECURSIVE ? mutex.lock() : null) {
            assert hold != inner;
        }
        mutex.asLock().lock();
        mutex.asLock().unlock();
        contended(page, mutex);
        died(page, mutex);
        if (kind == MutexKind.ERROR_CHECKING) {
            relocked(mutex);
        }
        outOfOrder(page, kind, gate, mutex);
        gate.beginClosing();
        gate.close();
        expectRefusal(mutex);
    }

    private static void contended(long page, RobustMutex mutex) throws InterruptedException {
        WORDS.putIntRelease(page, OTHER_THREAD);
        Hold none = mutex.tryLock();
        assert none == null;
        none = mutex.tryLock(Duration.ofNanos(1_000));
        assert none == null;
        WORDS.putIntRelease(page, GlibcMutexLayout.WAITERS);
        Objects.requireNonNull(mutex.tryLock(Duration.ofSeconds(1))).close();
        Hold waitedFor = mutex.lockInterruptibly();
        WORDS.putIntRelease(page, WORDS.getIntPlain(page) | GlibcMutexLayout.WAITERS);
        waitedFor.close();
    }

    private static void died(long page, RobustMutex mutex) throws InterruptedException {
        WORDS.putIntRelease(page, GlibcMutexLayout.OWNER_DIED);
        try (Hold hold = mutex.lock()) {
            hold.markConsistent();
        }
        WORDS.putIntRelease(page, GlibcMutexLayout.OWNER_DIED);
        mutex.lock().close();
        expectRefusal(mutex);
        try (Hold hold = mutex.reset()) {
            hold.markConsistent();
        }
        WORDS.putIntRelease(page, GlibcMutexLayout.OWNER_DIED);
        RobustMutex repaired = new RobustMutex(
                "the warm-up's mutex", page, mutex.kind().word(), new Gate(), KernelLockers.INSTANCE, death -> {});
        repaired.lock().close();
    }

    private static void relocked(RobustMutex mutex) {
        try (Hold hold = mutex.lock()) {
            assert !hold.predecessorDied();
            expectRefusal(mutex);
        }
    }

    private static void outOfOrder(long page, MutexKind kind, Gate gate, RobustMutex first) {
        long other = page + 1024;
        WORDS.putIntRelease(other + GlibcMutexLayout.KIND, kind.word());
        RobustMutex second =
                new RobustMutex("the warm-up's mutex", other, kind.word(), gate, KernelLockers.INSTANCE, null);
        Hold below = first.lock();
        Hold above = second.lock();
        below.close();
        above.close();
    }

    private static void expectRefusal(RobustMutex mutex) {
        try {
            mutex.lock().close();
            throw new AssertionError("the warm-up's mutex did not refuse");
        } catch (LockException expected) {
            assert expected.getMessage() != null;
        }
    }
}
