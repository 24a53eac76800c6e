package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs every path of lock and unlock once, on a mutex in private memory, before the first shared one is touched: whatever has to be
 * loaded, initialised or linked, is, so that nothing of the kind can fail between the stores of a real acquisition.
 */
final class WarmUp {
    private static final int OTHER_THREAD = GlibcMutexLayout.TID_MASK;
    private static final int CALLS_UNTIL_COMPILED = 300;
    private static final Words WORDS = MappedWords.INSTANCE;
    private static final Kernel KERNEL = LinuxKernel.INSTANCE;
    /** Where in the page the memory is that a call to the kernel needs; no mutex is there. */
    private static final int SCRATCH = 2048;

    /** Twice the JDK's default threshold. */
    private static final int CALLS_UNTIL_CUSTOMISED = 256;

    private static volatile boolean running;

    private WarmUp() {}

    /** Whether the calls of this moment are those of the warm-up, which no recording should show. */
    static boolean isRunning() {
        return running;
    }

    /** Before the first mutex of this process is touched, that of a region's directory included. */
    static void require() {
        assert Holder.DONE;
    }

    private static final class Holder {
        static final boolean DONE = run();
    }

    /**
     * On a thread of its own: the caller may be virtual, interrupted, or near the end of its stack, and a class whose initialiser fails
     * is lost to the JVM for ever.
     */
    private static boolean run() {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .name("mortmain-warm-up")
                .daemon()
                .uncaughtExceptionHandler((_, thrown) -> failure.set(thrown))
                .start(WarmUp::exerciseAll);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(
                    "Mortmain's self-test failed (" + failure.get()
                            + "); allow futex, get_robust_list, process_vm_readv and process_vm_writev in the seccomp profile, and give it memory",
                    failure.get());
        }
        return true;
    }

    private static void exerciseAll() {
        running = true;
        long page = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
        try {
            callKernel(page);
            for (MutexKind kind : MutexKind.values()) {
                WORDS.putIntRelease(page + GlibcMutexLayout.KIND, kind.word());
                exercise(page, kind);
            }
            compileTheWayToBeTold(page);
        } catch (InterruptedException never) {
            throw new AssertionError("nobody interrupts this thread", never);
        } finally {
            AddressSpace.unmap(page, AddressSpace.PAGE_SIZE);
            running = false;
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

    /**
     * As often as it takes for the JIT to notice: being told is rare, and the first time would cost more in the interpreter than it
     * takes the kernel to report the death.
     */
    private static void compileTheWayToBeTold(long page) {
        int kind = WORDS.getIntPlain(page + GlibcMutexLayout.KIND);
        RobustMutex mutex = new RobustMutex("the warm-up's mutex", page, kind, new Gate(), null);
        for (int i = 0; i < CALLS_UNTIL_COMPILED; i++) {
            WORDS.putIntRelease(page, GlibcMutexLayout.OWNER_DIED | GlibcMutexLayout.WAITERS);
            mutex.rehearseBeingTold();
        }
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing is between the two
    private static void exercise(long page, MutexKind kind) throws InterruptedException {
        Gate gate = new Gate();
        RobustMutex mutex = new RobustMutex("the warm-up's mutex", page, kind.word(), gate, null);
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
        RobustMutex repaired =
                new RobustMutex("the warm-up's mutex", page, mutex.kind().word(), new Gate(), death -> {});
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
        RobustMutex second = new RobustMutex("the warm-up's mutex", other, kind.word(), gate, null);
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
