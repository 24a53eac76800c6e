package io.mortmain.internal.owner;

/**
 * Knows of deaths that the kernel does not report: the holder's thread is gone, or lives and is another than the holder, and the word
 * still has its number. A seam, as {@code Kernel} is: in production {@link OwnerWatch}.
 */
public abstract class Witness {
    /** Sees nothing: every holder counts as alive. */
    public static final Witness BLIND = new Witness() {
        @Override
        public boolean watch(long mutex, int threadId) {
            return false;
        }

        @Override
        public void unwatch(long mutex) {
            // nothing was begun
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

    /**
     * Watches the holder from now on, for the caller, who waits. When it is proven that the thread does not hold the mutex and its number
     * still stands in the word, the word is marked as the kernel would have marked it, and one waiter is woken. Calls by several
     * threads, and for several mutexes, are independent. Never throws.
     *
     * @param mutex its address, valid until {@link #unwatch}
     * @param threadId the holder's, as the word has it
     * @return false when nobody watches, for lack of memory or descriptors: the caller must look for itself
     */
    public abstract boolean watch(long mutex, int threadId);

    /** Ends what one successful {@link #watch} of the mutex began; afterwards its address is not used any more on its behalf. */
    public abstract void unwatch(long mutex);

    /** Whether no living thread has this number; what cannot be known is alive. */
    public abstract boolean isGone(int threadId);

    /** Whether the calling thread holds the mutex through C code, which may have locked it at another address of this process. */
    public abstract boolean holds(long mutex);
}
