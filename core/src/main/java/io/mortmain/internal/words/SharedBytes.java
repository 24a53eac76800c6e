package io.mortmain.internal.words;

/**
 * The seam for what is no lock word: a part of a region, by offset from its beginning, whose accesses are checked. In production it is
 * {@link MappedBytes}; where the code over it is explored, each access is a step of a simulated machine.
 *
 * <p><b>Memory order.</b> {@code Release} and {@code Acquire} order all other accesses of this class around them, those without an order in
 * their name too: who sees what a release store has stored sees what was stored before it.
 */
public abstract class SharedBytes {
    public abstract int getIntAcquire(long offset);

    public abstract void putIntRelease(long offset, int value);

    /** In no order; never torn at a multiple of 8. */
    public abstract long getLong(long offset);

    /** In no order; never torn at a multiple of 8. */
    public abstract void putLong(long offset, long value);

    /**
     * Every store before it is made before any store after it, those without an order too. A release store does not do that: what comes
     * after it may be made earlier.
     */
    public abstract void storeStoreFence();
}
