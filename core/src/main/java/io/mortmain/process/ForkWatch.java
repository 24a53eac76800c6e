package io.mortmain.process;

import io.mortmain.internal.linux.ForkedChild;
import io.mortmain.internal.observe.NativeForkEvent;
import io.mortmain.process.NativeFork.Exec;
import io.mortmain.process.NativeFork.Hooks;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Waits until a child has executed a program or ended, for a second at most, and then tells of the fork. */
final class ForkWatch {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE_NANOS = 200_000;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    private final OptionalInt threadId;
    private final Hooks hooks;
    private final List<Throwable> failures;
    private final @Nullable ForkedChild child;
    private final AtomicBoolean isTold = new AtomicBoolean();

    /** The child, if there is one, has not been reaped. */
    ForkWatch(OptionalInt threadId, OptionalInt child, Hooks hooks, List<Throwable> failures) {
        this.threadId = threadId;
        this.child = child.isEmpty() ? null : ForkedChild.numbered(child.getAsInt());
        this.hooks = hooks;
        this.failures = failures;
    }

    /**
     * Starts a thread like those of the watches, and waits for its end: what virtual threads need is lost to the whole JVM if it cannot be
     * had when the first of them starts, which a fork at the limit of threads would be.
     */
    static void requireThreads() {
        Thread first = thread().unstarted(() -> {});
        first.start();
        boolean interrupted = false;
        while (first.isAlive()) {
            try {
                first.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread.Builder thread() {
        return Thread.ofVirtual().name("mortmain-fork-watch").inheritInheritableThreadLocals(false);
    }

    /** In a thread of its own, if anybody wants to know. */
    void begin(List<ForkListener> listeners) {
        if (!listeners.isEmpty() || new NativeForkEvent().isEnabled()) {
            begin(listeners, watch -> thread().start(watch));
        }
    }

    /** @param starter by what the watch is run beside the caller */
    void begin(List<ForkListener> listeners, Executor starter) {
        NativeForkEvent event = new NativeForkEvent();
        event.begin();
        try {
            starter.execute(() -> tell(listeners, event, awaitExec()));
        } catch (Throwable noThread) { // at a limit, or without memory: told of what is seen now
            tell(listeners, event, child == null ? Exec.UNKNOWN : meaning(child.state()));
        }
    }

    /** Once: a thread that could not be started may come to run later all the same. */
    private void tell(List<ForkListener> listeners, NativeForkEvent event, Exec exec) {
        if (isTold.getAndSet(true)) {
            return;
        }
        NativeFork fork = new NativeFork(
                threadId, child == null ? OptionalInt.empty() : OptionalInt.of(child.pid()), hooks, exec, failures);
        event.threadId = fork.threadId().orElse(0);
        event.child = fork.child().orElse(0);
        event.hooks = fork.hooks().name();
        event.exec = fork.exec().name();
        event.failures = failures.size();
        event.commit();
        for (ForkListener listener : listeners) {
            try {
                listener.forked(fork);
            } catch (Throwable thrown) { // also a checked one, from code that says nothing of it
                HookThread.report(thrown);
            }
        }
    }

    private Exec awaitExec() {
        if (child == null) {
            return Exec.UNKNOWN;
        }
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        ForkedChild.State state = child.state();
        while (state == ForkedChild.State.FORKED && System.nanoTime() - start < LONGEST_NANOS) {
            try {
                TimeUnit.NANOSECONDS.sleep(pause);
            } catch (InterruptedException nobodysBusiness) {
                break;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            state = child.state();
        }
        return meaning(state);
    }

    private static Exec meaning(ForkedChild.State state) {
        return switch (state) {
            case FORKED -> Exec.NOT_YET;
            case EXECUTED -> Exec.FOLLOWED;
            case ENDED -> Exec.ENDED;
            case GONE -> Exec.UNKNOWN;
        };
    }
}
