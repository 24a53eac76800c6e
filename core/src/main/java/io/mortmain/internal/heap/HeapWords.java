package io.mortmain.internal.heap;

/** The words of a heap as the code sees them that changes it: by offset from its data, multiples of 8 that were checked against its size. */
abstract class HeapWords {
    /**
     * A change begins whose words belong together. Whoever throws before {@link #endChange} has left it half done, and what is staged is
     * never committed.
     *
     * @throws IllegalStateException where another change was left half done before
     */
    abstract void beginChange();

    /** All words of the change are put. */
    abstract void endChange();

    abstract long get(long offset);

    abstract void put(long offset, long value);

    /** What the word was when the transaction began. */
    abstract long original(long offset);

    /**
     * Makes words zero that mean nothing unless the transaction is committed. They need not be undone, and take no room in a journal.
     *
     * @param from the first of them
     * @param to behind the last
     */
    abstract void clear(long from, long to);
}
