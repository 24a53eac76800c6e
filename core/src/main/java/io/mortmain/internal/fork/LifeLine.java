package io.mortmain.internal.fork;

import io.mortmain.errors.ForkHooksException;
import io.mortmain.internal.linux.OpenFile;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor whose lock says that this process lives, or whose file nobody else has a name for: a child that is forked closes its copy at
 * once, or either would live as long as the child. Where {@link ForkBell} cannot be had, and in children of _Fork(3) and bare system calls, it does live so long; and so it
 * does from the 1,638th on that is open at a time, in pages of 4,096 bytes.
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

    /** The same for a file that has no name; for another nothing is done: whoever has its name can open it anyway. */
    public static LifeLine ofNameless(OpenFile file) {
        return OpenFile.isDescriptor(file.path()) ? of(file.descriptor()) : new LifeLine(null);
    }

    /** The descriptor is about to be closed. Closing again does nothing. */
    @Override
    public void close() {
        if (step != null) {
            step.close();
        }
    }
}
