package io.mortmain.internal.owner;

import org.jspecify.annotations.Nullable;

/**
 * Knows of deaths that the kernel does not report: the holder's thread is gone, or lives and is another than the holder, and the word
 * still has its number. A seam, as {@code Kernel} is: in production {@link OwnerWatch}.
 */
public abstract class Witness {
    /** Sees nothing: every holder counts as alive. */
    public static final Witness BLIND = new Witness() {
        @Override
        public @Nullable Watch watch(long mutex, int threadId) {
            return null;
        }

        @Override
        public boolean isGone(int threadId) {
            return false;
        }

        @Override
        public boolean holds(long mutex) {
            return true;
        }
    };

    /** What {@link #watch} began. */
    public abstract static class Watch {
        /** Ends it, once; afterwards the mutex's address is not used any more on behalf of the caller. Allocates nothing, and never throws. */
        public abstract void end();
    }

    /**
     * Watches the holder from now on, for the caller, who waits. When it is proven that the thread does not hold the mutex and its number
     * still stands in the word, the word is marked as the kernel would have marked it, and one waiter is woken. Calls by several
     * threads, and for several mutexes, are independent. Never throws.
     *
     * @param mutex its address, valid until {@link Watch#end}
     * @param threadId the holder's, as the word has it
     * @return null when nobody watches, for lack of memory, threads or descriptors: the caller must look for itself
     */
    public abstract @Nullable Watch watch(long mutex, int threadId);

    /** Whether no living thread has this number; what cannot be known is alive. */
    public abstract boolean isGone(int threadId);

    /** Whether the calling thread holds the mutex through C code, which may have locked it at another address of this process. */
    public abstract boolean holds(long mutex);
}
