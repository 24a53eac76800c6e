package io.mortmain.process;

import io.mortmain.process.NativeFork.Hooks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The hooks around one fork. */
final class HookRun {
    private final List<Hook> hooks;
    private final BooleanSupplier hasGoneOn;
    /** With room for all: where there is no memory, a hook that was begun must not be forgotten. */
    private final Deque<Hook> prepared;

    private final List<Throwable> failures;
    private boolean isTooLate;

    /**
     * Of those hooks.
     *
     * @param hasGoneOn whether the forking thread no longer waits
     */
    HookRun(List<Hook> hooks, BooleanSupplier hasGoneOn) {
        this.hooks = hooks;
        this.hasGoneOn = hasGoneOn;
        this.prepared = new ArrayDeque<>(hooks.size());
        this.failures = new ArrayList<>(2 * hooks.size());
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    /** The last first, until the thread no longer waits. */
    void prepare() {
        for (Hook hook : hooks.reversed()) {
            if (hasGoneOn.getAsBoolean()) {
                break;
            }
            try {
                hook.prepare();
                prepared.push(hook);
            } catch (Throwable thrown) {
                failures.add(thrown);
            }
        }
        isTooLate = hasGoneOn.getAsBoolean();
    }

    /** The first first. */
    void parent() {
        for (Hook hook : prepared) {
            try {
                hook.parent();
            } catch (Throwable thrown) {
                failures.add(thrown);
            }
        }
    }

    List<Throwable> failures() {
        return failures;
    }

    Hooks became() {
        return hooks.isEmpty() ? Hooks.NONE : isTooLate ? Hooks.TOO_LATE : Hooks.DONE;
    }
}
