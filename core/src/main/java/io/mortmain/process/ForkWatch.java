package io.mortmain.process;

import io.mortmain.internal.linux.ForkedChild;
import io.mortmain.internal.observe.NativeForkEvent;
import io.mortmain.process.NativeFork.Exec;
import io.mortmain.process.NativeFork.Hooks;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
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

    /** The child, if there is one, has not been reaped. */
    ForkWatch(OptionalInt threadId, OptionalInt child, Hooks hooks, List<Throwable> failures) {
        this.threadId = threadId;
        this.child = child.isEmpty() ? null : ForkedChild.numbered(child.getAsInt());
        this.hooks = hooks;
        this.failures = failures;
    }

    /** In a thread of its own, if anybody wants to know. */
    void begin(List<ForkListener> listeners) {
        if (!listeners.isEmpty() || new NativeForkEvent().isEnabled()) {
            Thread.ofVirtual()
                    .name("mortmain-fork-watch")
                    .inheritInheritableThreadLocals(false)
                    .start(() -> run(listeners));
        }
    }

    private void run(List<ForkListener> listeners) {
        NativeForkEvent event = new NativeForkEvent();
        event.begin();
        NativeFork fork = new NativeFork(
                threadId,
                child == null ? OptionalInt.empty() : OptionalInt.of(child.pid()),
                hooks,
                awaitExec(),
                failures);
        event.threadId = fork.threadId().orElse(0);
        event.child = fork.child().orElse(0);
        event.hooks = fork.hooks().name();
        event.exec = fork.exec().name();
        event.failures = failures.size();
        event.commit();
        for (ForkListener listener : listeners) {
            try {
                listener.forked(fork);
            } catch (RuntimeException | Error thrown) {
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
        return switch (state) {
            case FORKED -> Exec.NOT_YET;
            case EXECUTED -> Exec.FOLLOWED;
            case ENDED -> Exec.ENDED;
            case GONE -> Exec.UNKNOWN;
        };
    }
}
