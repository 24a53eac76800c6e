package io.mortmain.internal.words;

/**
 * What the lock protocol asks of the kernel, beside the words: sleeping, waking, and touching memory that may not be mapped. In
 * production {@link LinuxKernel}; in tests a simulated kernel that also walks the robust list at a thread's death.
 */
public abstract class Kernel {
    /**
     * Sleeps while the word at {@code address} is {@code expected}, for at most {@code nanos}. Returns early for any reason or none:
     * the caller looks at the word and at the time again.
     *
     * @param scratch the calling thread's private native memory, see {@code ThreadSlotLayout}
     */
    public abstract void await(long address, int expected, long nanos, long scratch);

    /** Wakes at most {@code count} threads that sleep on the word. */
    public abstract void wake(long address, int count);

    /** Whether 8 bytes at any address whatever could be read; {@link #transferred} then has them. */
    public abstract boolean tryReadLong(long address, long scratch);

    /** What the last successful {@link #tryReadLong} of this thread read. */
    public abstract long transferred(long scratch);

    /** Stores 8 bytes at any address whatever; false where it is not mapped for writing. */
    public abstract boolean tryWriteLong(long address, long value, long scratch);

    /** Whether a living thread has this number, as words of the region have them; also true where that cannot be known. */
    public abstract boolean threadExists(int threadId);

    /** Nanoseconds of a monotonic clock. */
    public abstract long nanoTime();
}
