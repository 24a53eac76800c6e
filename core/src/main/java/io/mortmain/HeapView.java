package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.heap.Heap;

/**
 * The blocks of a {@link SharedHeap}, to be read while its mutex is held. Of the call that it was given to: after that every method throws
 * {@link IllegalStateException}, and in another thread {@link WrongThreadException}.
 *
 * <p>A block is named by its handle, a number that means the same in every process and never changes; 0 is no block. What does not fit to a
 * living block is refused with {@link RegionException}, reason {@code INVALID_ARGUMENT}: a handle that this heap did not give, or whose block was
 * freed. It is known by the word before the block; where the contents of a block happen to look like one, a wrong handle into them is not noticed.
 * Once a block was freed its handle may come again, for another block. What does not lie within the block is refused with
 * {@link IndexOutOfBoundsException}. Values are little-endian.
 */
public sealed class HeapView permits HeapTransaction {
    private final Heap heap;
    private final Thread owner = Thread.currentThread();
    private boolean ended;

    HeapView(Heap heap) {
        this.heap = heap;
    }

    /** The heap, for as long as the call lasts. */
    Heap heap() {
        if (!owner.equals(Thread.currentThread())) {
            throw new WrongThreadException("what a heap gives to a function is for the thread that runs it: " + owner);
        }
        if (ended) {
            throw new IllegalStateException(
                    "the call that this was given to is over; use it inside of the function only");
        }
        return heap;
    }

    void end() {
        ended = true;
    }

    /** Handle of the root: the block by which programs find all others; 0 if there is none. */
    public long root() {
        return heap().root();
    }

    /** Bytes of the block: as many as were asked for, or somewhat more. */
    public long sizeOf(long handle) {
        return heap().sizeOf(handle);
    }

    /**
     * A number of the block.
     *
     * @param offset from the block's beginning, a multiple of 8
     */
    public long getLong(long handle, long offset) {
        return heap().contents().getLong(handle, offset);
    }

    /**
     * A number of the block.
     *
     * @param offset from the block's beginning, a multiple of 4
     */
    public int getInt(long handle, long offset) {
        return heap().contents().getInt(handle, offset);
    }

    /** A byte of the block. */
    public byte getByte(long handle, long offset) {
        return heap().contents().getByte(handle, offset);
    }

    /** A copy of some bytes of the block. */
    public byte[] getBytes(long handle, long offset, int length) {
        return heap().contents().getBytes(handle, offset, length);
    }
}
