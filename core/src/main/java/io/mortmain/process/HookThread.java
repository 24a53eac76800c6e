package io.mortmain.process;

import io.mortmain.internal.fork.ForkBell;
import io.mortmain.internal.linux.ForkedChild;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.SignalFrames;
import io.mortmain.internal.linux.ThreadStatus;
import io.mortmain.process.NativeFork.Hooks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that runs the hooks, for one fork at a time, and those who asked for them. Made with the first of them; it then sleeps between forks for the
 * life of the process, as the C library never takes its handlers back.
 */
final class HookThread {
    private static final Duration FIRST_LIMIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_LIMIT = Duration.ofMinutes(1);
    /** Whoever has let a thread fork waits that long for it, if it still exists: a fork of a very large process takes seconds. */
    private static final int SECONDS_OF_A_FORK = 60;

    /** SIGQUIT, which the JVM blocks in all its threads but one. */
    private static final long BY_JVM = 1 << 2;

    private static @Nullable HookThread instance;

    private final ForkBell bell;
    private final List<Hook> hooks = new CopyOnWriteArrayList<>();
    private final List<ForkListener> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final CountDownLatch started = new CountDownLatch(1);
    /** Guarded by this object's monitor. */
    private Duration limit = FIRST_LIMIT;

    /** Set before it starts to answer. */
    private int threadId;

    private long blockedSignals;
    private int missed;
    private int gaveUp;
    private int byService;

    private HookThread(ForkBell bell) {
        this.bell = bell;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("mortmain-fork-hooks")
                .inheritInheritableThreadLocals(false)
                .unstarted(this::run);
    }

    static synchronized HookThread instance() {
        if (instance == null) {
            HookThread made = new HookThread(ForkBell.installedToWait());
            made.thread.start();
            made.awaitStart();
            instance = made;
        }
        return instance;
    }

    private void awaitStart() {
        boolean isInterrupted = false;
        while (started.getCount() > 0) {
            try {
                started.await();
            } catch (InterruptedException later) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    ForkHooks.Registration add(Hook hook) {
        return add(hooks, hook);
    }

    ForkHooks.Registration add(ForkListener listener) {
        return add(listeners, Objects.requireNonNull(listener, "listener"));
    }

    private synchronized <T> ForkHooks.Registration add(List<T> to, T added) {
        to.add(added);
        answerOrIgnore();
        AtomicBoolean isOpen = new AtomicBoolean(true);
        return () -> {
            if (isOpen.getAndSet(false)) { // another registration may be of the same
                remove(to, added);
            }
        };
    }

    private synchronized <T> void remove(List<T> from, T added) {
        from.remove(added);
        answerOrIgnore();
    }

    synchronized void setTimeLimit(Duration wanted) {
        if (wanted.toMillis() < 1 || wanted.compareTo(LONGEST_LIMIT) > 0) {
            throw new IllegalArgumentException("a time limit of " + wanted + "; give 1 ms to 1 minute");
        }
        limit = wanted;
        answerOrIgnore();
    }

    private void answerOrIgnore() {
        if (hooks.isEmpty() && listeners.isEmpty()) {
            bell.ignore();
        } else {
            bell.answer(threadId, Math.toIntExact(limit.toNanos() / ForkBell.SLICE_NANOS));
        }
    }

    private void run() {
        threadId = KernelThread.id();
        blockedSignals = ThreadStatus.blockedInAllThreads() | BY_JVM;
        started.countDown();
        try {
            boolean mayBeMissed = false;
            while (true) {
                mayBeMissed = next(mayBeMissed);
            }
        } finally {
            bell.ignore(); // never, but nobody is to wait for a thread that is gone
        }
    }

    /** The next fork, or those that nobody was told of; whether some may yet be missed. */
    private boolean next(boolean mayBeMissed) {
        int forking = bell.awaitRing(mayBeMissed);
        try {
            if (forking != 0) {
                List<ForkListener> listening = List.copyOf(listeners); // not those who come when it is over
                inTurn(forking).begin(listening);
            }
            tellOfOthers();
        } catch (Throwable failed) { // no memory, or a defect: the next one who forks must not wait for it
            report(failed);
        }
        return forking != 0; // whoever waited for that turn may give up after this
    }

    private ForkWatch inTurn(int forking) {
        try {
            return serve(forking);
        } finally {
            gaveUp = bell.gaveUp(); // of threads whose turn is over
            bell.end();
        }
    }

    private ForkWatch serve(int forking) {
        BooleanSupplier hasGoneOn = () -> bell.hasReturned(forking) || bell.gaveUp() != gaveUp;
        HookRun hookRun = new HookRun(List.copyOf(hooks), hasGoneOn);
        boolean mayRun = hookRun.isEmpty() || !SignalFrames.isInHandler(forking, blockedSignals, hasGoneOn);
        Set<Integer> before = ForkedChild.of(forking);
        try {
            if (mayRun) {
                hookRun.prepare();
            }
            bell.letFork(forking);
            awaitReturn(forking);
        } finally {
            hookRun.parent();
        }
        hookRun.failures().forEach(HookThread::report);
        return watch(forking, before, mayRun ? hookRun.became() : Hooks.SIGNAL_HANDLER, hookRun.failures());
    }

    /** Of forks that did not wait for this thread, or not long enough. */
    private void tellOfOthers() {
        int forksOfOthers = bell.missed() - missed;
        int ownForks = bell.byService() - byService;
        missed += forksOfOthers;
        byService += ownForks;
        for (int i = 0; i < forksOfOthers; i++) {
            tellAtOnce(OptionalInt.empty(), Hooks.NO_TURN);
        }
        for (int i = 0; i < ownForks; i++) {
            tellAtOnce(OptionalInt.of(threadId), Hooks.BY_HOOK);
        }
    }

    private void awaitReturn(int forking) {
        for (int seconds = 0; seconds < SECONDS_OF_A_FORK && !bell.hasReturned(forking); seconds++) {
            bell.awaitReturn(forking);
            if (!KernelThread.isInThisProcess(forking)) {
                return;
            }
        }
    }

    /** While the forking thread waits, its child cannot have been reaped. It may be one of a signal handler's in the midst of this fork. */
    private static ForkWatch watch(int forking, Set<Integer> before, Hooks became, List<Throwable> failures) {
        OptionalInt child = ForkedChild.of(forking).stream()
                .filter(number -> !before.contains(number))
                .mapToInt(Integer::intValue)
                .findFirst();
        return new ForkWatch(OptionalInt.of(forking), child, became, failures);
    }

    /** Of a fork that did not wait for this thread. */
    private void tellAtOnce(OptionalInt forking, Hooks became) {
        new ForkWatch(forking, OptionalInt.empty(), became, List.of()).begin(List.copyOf(listeners));
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
