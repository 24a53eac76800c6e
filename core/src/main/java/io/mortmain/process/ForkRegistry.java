package io.mortmain.process;

import io.mortmain.errors.ForkHooksException;
import io.mortmain.internal.fork.ForkBell;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for hooks, or to be told of forks, and the threads that serve them. Made with the first of them; the threads then sleep between forks for
 * the life of the process, as the C library never takes its handlers back.
 */
final class ForkRegistry {
    private static final Duration FIRST_LIMIT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_LIMIT = Duration.ofMillis(1);
    private static final Duration LONGEST_LIMIT = Duration.ofMinutes(1);

    private static @Nullable ForkRegistry instance;

    private final ForkBell bell;
    private final List<Hook> hooks = new CopyOnWriteArrayList<>();
    private final List<ForkListener> listeners = new CopyOnWriteArrayList<>();
    private final HookGuard guard;
    private volatile HookThread serving;
    /** Set under this object's monitor. */
    private volatile Duration limit = FIRST_LIMIT;

    private ForkRegistry(ForkBell bell) {
        this.bell = bell;
        this.guard = new HookGuard(bell, this);
        this.serving = new HookThread(bell, this);
    }

    static synchronized ForkRegistry instance() {
        if (instance == null) {
            ForkRegistry made = new ForkRegistry(ForkBell.installedToWait());
            try {
                made.start();
            } catch (OutOfMemoryError | LinkageError failed) {
                throw new ForkHooksException(
                        ForkHooksException.Reason.NO_THREADS,
                        "fork hooks cannot be had: their threads could not be started (" + failed
                                + "); raise the limit of threads, or give the process memory, and ask again",
                        failed);
            }
            instance = made;
        }
        return instance;
    }

    private void start() {
        serving.start();
        try {
            ForkWatch.requireThreads();
            guard.start();
        } catch (Throwable failed) {
            serving.dismiss();
            throw failed;
        }
        serving.serve();
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

    private <T> void remove(List<T> from, T added) {
        synchronized (this) {
            from.remove(added);
            answerOrIgnore();
        }
        guard.hurry(); // the thread of the hooks may be stuck in it
    }

    synchronized void setTimeLimit(Duration wanted) {
        if (wanted.compareTo(SHORTEST_LIMIT) < 0 || wanted.compareTo(LONGEST_LIMIT) > 0) {
            throw new IllegalArgumentException("a time limit of " + wanted + "; give 1 ms to 1 minute");
        }
        limit = wanted;
        answerOrIgnore();
    }

    /** Another thread than before runs the hooks. */
    synchronized void serveBy(HookThread fresh) {
        serving = fresh;
        answerOrIgnore();
    }

    private void answerOrIgnore() {
        if (hooks.isEmpty() && listeners.isEmpty()) {
            bell.ignore();
        } else {
            bell.answer(serving.threadId(), Math.toIntExact(limit.toNanos() / ForkBell.SLICE_NANOS));
        }
    }

    HookGuard guard() {
        return guard;
    }

    HookThread serving() {
        return serving;
    }

    Duration limit() {
        return limit;
    }

    List<Hook> hooks() {
        return List.copyOf(hooks);
    }

    List<ForkListener> listeners() {
        return List.copyOf(listeners);
    }

    boolean has(Hook hook) {
        return hooks.contains(hook);
    }
}
