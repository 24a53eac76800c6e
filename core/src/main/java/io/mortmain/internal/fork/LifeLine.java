package io.mortmain.internal.fork;

import io.mortmain.errors.ForkHooksException;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor whose lock says that this process lives: a child that is forked closes its copy at once, or the lock would live as long as
 * the child. Where {@link ForkBell} cannot be had, and in children of _Fork(3) and bare system calls, it does live so long.
 */
public final class LifeLine implements AutoCloseable {
    private final ChildSteps.@Nullable Step step;

    private LifeLine(ChildSteps.@Nullable Step step) {
        this.step = step;
    }

    /** To be closed before the descriptor is. */
    public static LifeLine of(int descriptor) {
        try {
            return new LifeLine(ForkBell.installed().childSteps().close(descriptor));
        } catch (ForkHooksException | IllegalStateException impossible) { // or there are too many already
            return new LifeLine(null);
        }
    }

    /** The descriptor is about to be closed. Closing again does nothing. */
    @Override
    public void close() {
        if (step != null) {
            step.close();
        }
    }
}
