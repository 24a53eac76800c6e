package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.heap.Heap;
import java.util.Objects;

/**
 * The blocks of a {@link SharedHeap}, to be allocated, changed and freed: all of it or nothing. What was done is seen by this object at once,
 * and by all others when the call that it was given to has returned.
 */
public final class HeapTransaction extends HeapView {
    HeapTransaction(Heap heap) {
        super(heap);
    }

    /**
     * A new block, all zero.
     *
     * @param bytes 0 or more; the block is less than a quarter larger, or less than 8 bytes larger up to 32, and has at least 8
     * @return its handle, a multiple of 8, not 0
     * @throws RegionException reason {@code LIMIT_REACHED} where the heap has no room, {@code NO_SPACE} where it has, and the file system
     *     has not; the transaction can go on, or be ended by an exception
     */
    public long allocate(long bytes) {
        return heap().allocate(bytes);
    }

    /** Frees a block that is not the root. */
    public void free(long handle) {
        heap().free(handle);
    }

    /** Makes the block the root, by which programs find all others; 0 for none. */
    public void setRoot(long handle) {
        heap().setRoot(handle);
    }

    /**
     * Stores a number in the block.
     *
     * @param offset from the block's beginning, a multiple of 8
     */
    public void putLong(long handle, long offset, long value) {
        heap().contents().putLong(handle, offset, value);
    }

    /**
     * Stores a number in the block.
     *
     * @param offset from the block's beginning, a multiple of 4
     */
    public void putInt(long handle, long offset, int value) {
        heap().contents().putInt(handle, offset, value);
    }

    /** Stores a byte in the block. */
    public void putByte(long handle, long offset, byte value) {
        heap().contents().putByte(handle, offset, value);
    }

    /** Stores bytes in the block. */
    public void putBytes(long handle, long offset, byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        heap().contents().putBytes(handle, offset, bytes);
    }
}
