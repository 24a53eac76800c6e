package io.mortmain.process;

import io.mortmain.internal.fork.ForkBell;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.process.NativeFork.Hooks;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after the thread that runs the hooks, in a thread of its own, which runs no hook and so does not get stuck in one. It tells of forks that
 * the thread of the hooks does not tell of: because it never served them, or is stuck in a hook of them. Where that hook was taken back, it has
 * another thread serve.
 *
 * <p>It looks while there is a fork, and once when there was one; then it sleeps.
 */
final class HookGuard {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Whoever waited for the last turn may give up after it. */
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ForkBell bell;
    private final ForkRegistry registry;
    private final Thread thread;
    private volatile boolean isAsleep;
    private int missed;
    private int byService;

    HookGuard(ForkBell bell, ForkRegistry registry) {
        this.bell = bell;
        this.registry = registry;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("mortmain-fork-guard")
                .inheritInheritableThreadLocals(false)
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** A fork has begun, and the bell says so. */
    void wake() {
        if (isAsleep) {
            hurry();
        }
    }

    /** Looks at once. */
    void hurry() {
        isAsleep = false;
        LockSupport.unpark(thread);
    }

    private void run() {
        boolean mayBeMissed = false;
        while (true) {
            mayBeMissed = pause(mayBeMissed);
            try {
                look();
            } catch (Throwable failed) { // no memory, or a defect: it looks again
                HookThread.report(failed);
            }
        }
    }

    /** Whether there was a fork meanwhile. */
    private boolean pause(boolean mayBeMissed) {
        Thread.interrupted(); // or it would not sleep
        if (bell.isRung()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            return true;
        }
        isAsleep = true;
        if (!bell.isRung() && !isBehind()) { // after it says that it sleeps: whoever rings later wakes it
            LockSupport.parkNanos(mayBeMissed ? LAST_PAUSE_NANOS : Long.MAX_VALUE);
        }
        boolean wasWoken = !isAsleep;
        isAsleep = false;
        return wasWoken || bell.isRung() || isBehind();
    }

    /** Whether there were forks that nobody has been told of. */
    private boolean isBehind() {
        return bell.missed() != missed || bell.byService() != byService;
    }

    private void look() {
        tellOfOthers();
        HookThread serving = registry.serving();
        ForkTurn turn = serving.turn();
        Hook.Half inside = turn == null ? null : turn.hooks().inside();
        if (turn != null && inside != null && isOverdue(turn, inside)) {
            tellThatStuck(serving, turn, inside);
            if (!registry.has(inside.hook())) {
                replace(turn, inside);
            }
        }
    }

    /** Of forks that did not wait for the thread of the hooks, or not long enough. */
    private void tellOfOthers() {
        int forksOfOthers = bell.missed() - missed;
        int forksInHooks = bell.byService() - byService;
        missed += forksOfOthers;
        byService += forksInHooks;
        for (int i = 0; i < forksOfOthers; i++) {
            tell(OptionalInt.empty(), registry.hooks().isEmpty() ? Hooks.NONE : Hooks.NO_TURN);
        }
        for (int i = 0; i < forksInHooks; i++) {
            tell(OptionalInt.of(registry.serving().threadId()), Hooks.BY_HOOK);
        }
    }

    private void tell(OptionalInt forking, Hooks became) {
        new ForkWatch(forking, OptionalInt.empty(), became, List.of()).begin(registry.listeners());
    }

    /** Whether nobody waits for that any more, and the fork itself is over: until then nobody may take the turn. */
    private boolean isOverdue(ForkTurn turn, Hook.Half inside) {
        boolean isOver = inside.isAfter()
                ? System.nanoTime() - turn.hooks().afterSince() >= turn.limit().toNanos()
                : bell.hasReturned(turn.forking()) || !KernelThread.isInThisProcess(turn.forking());
        return isOver && turn.hooks().inside() == inside; // all the time, so that the bell spoke of this fork
    }

    private void tellThatStuck(HookThread serving, ForkTurn turn, Hook.Half inside) {
        if (!turn.isTold()) {
            TimeoutException stuck = new TimeoutException(inside + " has not returned in time; it stands here");
            stuck.setStackTrace(serving.stack());
            if (turn.hooks().inside() == inside) { // else it stood elsewhere
                turn.tellThatStuck(inside, stuck, !isBehind());
            }
        }
    }

    /** The turn is ended by the fresh thread: the one before it never touches the bell again. */
    private void replace(ForkTurn turn, Hook.Half inside) {
        HookThread fresh = new HookThread(bell, registry);
        fresh.start(); // first: where there is no memory for it, all stays as it is
        if (!turn.hooks().leaveBehind(inside)) {
            fresh.dismiss();
            return;
        }
        try {
            registry.serveBy(fresh);
        } finally {
            fresh.takeOver(); // whatever happens: nobody else ends the turn
        }
    }
}
