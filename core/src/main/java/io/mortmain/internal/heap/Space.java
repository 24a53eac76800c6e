package io.mortmain.internal.heap;

/** Where a heap gets its memory from. */
public interface Space {
    /**
     * Sees to it that no store to these bytes fails for want of space. Done twice, it is as done once.
     *
     * @param from offset of the first, from the heap's data
     * @param to behind the last
     * @throws io.mortmain.errors.RegionException where there is none; nothing was changed
     */
    void reserve(long from, long to);
}
