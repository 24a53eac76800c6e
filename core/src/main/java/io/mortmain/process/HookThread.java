package io.mortmain.process;

import io.mortmain.internal.fork.ForkBell;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.SignalFrames;
import io.mortmain.internal.linux.ThreadStatus;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that runs the hooks, for one fork at a time. The bell is its own from its appointment until it is left behind in a hook, see
 * {@link HookRun}: of several threads that were made only one answers, the others end what they began.
 */
final class HookThread {
    /** Whoever has let a thread fork waits that long for it, if it still exists: a fork of a very large process takes seconds. */
    private static final int SECONDS_OF_A_FORK = 60;

    /** SIGQUIT, which the JVM blocks in all its threads but one. */
    private static final long BY_JVM = 1 << 2;

    private final ForkBell bell;
    private final ForkRegistry registry;
    private final Thread thread;
    private final CompletableFuture<Integer> threadId = new CompletableFuture<>();
    private final CompletableFuture<Appointment> appointment = new CompletableFuture<>();
    private volatile @Nullable ForkTurn turn;
    private long blockedSignals;
    private int gaveUp;

    /** What a thread that was made is to do. */
    private enum Appointment {
        SERVE,
        TAKE_OVER,
        GO
    }

    HookThread(ForkBell bell, ForkRegistry registry) {
        this.bell = bell;
        this.registry = registry;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("mortmain-fork-hooks")
                .inheritInheritableThreadLocals(false)
                .unstarted(this::run);
    }

    /** It then waits to be appointed. */
    void start() {
        thread.start();
        int _ = threadId();
    }

    /** The kernel's. Waits until it has started. */
    int threadId() {
        return threadId.join();
    }

    /** Has it answer from now on, as the first. Somebody may have rung already. */
    void serve() {
        appointment.complete(Appointment.SERVE);
    }

    /** Has it answer in place of one that was left behind, whose turn it ends. */
    void takeOver() {
        appointment.complete(Appointment.TAKE_OVER);
    }

    /** It is not wanted. */
    void dismiss() {
        appointment.complete(Appointment.GO);
    }

    /** Of this fork, or of the last; null before the first. */
    @Nullable
    ForkTurn turn() {
        return turn;
    }

    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    private void run() {
        try {
            blockedSignals = ThreadStatus.blockedInAllThreads() | BY_JVM;
            threadId.complete(KernelThread.id());
        } catch (Throwable failed) { // no memory: whoever made it is told
            threadId.completeExceptionally(failed);
            return;
        }
        switch (appointment.join()) {
            case SERVE -> answer();
            case TAKE_OVER -> {
                gaveUp = bell.gaveUp(); // of threads whose turn is over
                bell.end();
                answer();
            }
            case GO -> {}
        }
    }

    private void answer() {
        try {
            while (!isLeftBehind()) {
                next();
            }
        } finally {
            if (!isLeftBehind()) {
                bell.ignore(); // never, but nobody is to wait for a thread that is gone
            }
        }
    }

    private boolean isLeftBehind() {
        ForkTurn last = turn;
        return last != null && last.hooks().isLeftBehind();
    }

    private void next() {
        int forking = bell.awaitRing();
        try {
            inTurn(forking).tell();
        } catch (Throwable failed) { // no memory, or a defect: the next one who forks must not wait for it
            report(failed);
        }
    }

    private ForkTurn inTurn(int forking) {
        try {
            return serve(forking);
        } finally {
            if (!isLeftBehind()) {
                gaveUp = bell.gaveUp();
                bell.end();
            }
        }
    }

    private ForkTurn serve(int forking) {
        BooleanSupplier hasGoneOn = () -> bell.hasReturned(forking) || bell.gaveUp() != gaveUp;
        HookRun hooks = new HookRun(registry.hooks(), hasGoneOn);
        boolean isInHandler = !hooks.isEmpty() && SignalFrames.isInHandler(forking, blockedSignals, hasGoneOn);
        ForkTurn served = new ForkTurn(forking, hooks, isInHandler, registry.limit(), registry.listeners());
        turn = served;
        registry.guard().wake();
        try {
            served.prepare();
            if (!hooks.isLeftBehind()) {
                bell.letFork(forking);
                awaitReturn(forking);
                served.sawChild();
            }
        } finally {
            hooks.parent();
        }
        hooks.failures().forEach(HookThread::report);
        return served;
    }

    private void awaitReturn(int forking) {
        for (int seconds = 0; seconds < SECONDS_OF_A_FORK && !bell.hasReturned(forking); seconds++) {
            bell.awaitReturn(forking);
            if (!KernelThread.isInThisProcess(forking)) {
                return;
            }
        }
    }

    static void report(Throwable failed) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, failed);
        } catch (Throwable alsoFailed) {
            return; // as the JVM does
        }
    }
}
