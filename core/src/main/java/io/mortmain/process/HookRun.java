package io.mortmain.process;

import io.mortmain.process.NativeFork.Hooks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hooks around one fork. One thread runs all of them, as locks belong to threads; another may look on, and leave that thread behind while
 * it is inside a hook. What holds:
 *
 * <ul>
 *   <li>A hook that was begun is ended once, by the thread that began it: the one after the fork runs where the one before it returned, also
 *       in a thread that was left behind, and only then the hook is begun for another fork.
 *   <li>Whether the thread is left behind is decided by one compare-and-set while it is inside a hook. Between hooks it cannot change, so that what
 *       the thread does to the bell between hooks needs no lock.
 * </ul>
 */
final class HookRun {
    private static final Hook.Half LEFT_BEHIND = new Hook(() -> {}, () -> {}).before();

    private final List<Hook> hooks;
    private final BooleanSupplier hasGoneOn;
    /** With room for all: where there is no memory, a hook that was begun must not be forgotten. */
    private final Deque<Hook> prepared;

    private final List<Throwable> failures;
    /** What runs now; each half once in this run, so that one that is seen twice was there all the time. */
    private final AtomicReference<Hook.@Nullable Half> inside = new AtomicReference<>();

    private volatile boolean isIncomplete;
    private volatile long afterSince;

    /**
     * Of those hooks.
     *
     * @param hasGoneOn whether the forking thread no longer waits
     */
    HookRun(List<Hook> hooks, BooleanSupplier hasGoneOn) {
        this.hooks = hooks;
        this.hasGoneOn = hasGoneOn;
        this.prepared = new ArrayDeque<>(hooks.size());
        this.failures = Collections.synchronizedList(new ArrayList<>(2 * hooks.size()));
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    /** The last first, until the thread no longer waits, without those that have not ended for an earlier fork. */
    void prepare() {
        for (Hook hook : hooks.reversed()) {
            if (isLeftBehind() || hasGoneOn.getAsBoolean()) {
                break;
            }
            if (hook.isBegun()) {
                isIncomplete = true;
            } else {
                prepare(hook);
            }
        }
        isIncomplete |= hasGoneOn.getAsBoolean();
    }

    private void prepare(Hook hook) {
        hook.begin();
        if (run(hook.before())) {
            prepared.push(hook);
        } else {
            hook.end();
        }
    }

    /** The first first. */
    void parent() {
        afterSince = System.nanoTime();
        for (Hook hook : prepared) {
            boolean _ = run(hook.after());
            hook.end();
        }
    }

    /** Whether it threw nothing. */
    private boolean run(Hook.Half half) {
        inside.compareAndSet(null, half);
        Thread.interrupted(); // what another left behind is none of this one's business
        try {
            half.run();
            return true;
        } catch (Throwable thrown) {
            failures.add(thrown);
            return false;
        } finally {
            inside.compareAndSet(half, null);
        }
    }

    /** What the thread is inside of now; null also where it was left behind there. */
    Hook.@Nullable Half inside() {
        Hook.Half half = inside.get();
        return half == LEFT_BEHIND ? null : half;
    }

    /** Leaves the thread behind, if it is inside of that still: from then on it ends what it began, and nothing else. */
    boolean leaveBehind(Hook.Half half) {
        return inside.compareAndSet(half, LEFT_BEHIND);
    }

    boolean isLeftBehind() {
        return inside.get() == LEFT_BEHIND;
    }

    /** Since when hooks after the fork run, as {@link System#nanoTime}. */
    long afterSince() {
        return afterSince;
    }

    /** As many as there are by now. */
    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Once those before the fork are over. */
    Hooks became() {
        return hooks.isEmpty() ? Hooks.NONE : isIncomplete ? Hooks.TOO_LATE : Hooks.DONE;
    }
}
