package io.mortmain.internal.heap;

/** The contents of allocated blocks, each access checked against its block. Values are little-endian, as everywhere. */
public final class BlockContents {
    private static final long IN_WORD = Long.BYTES - 1;

    private final HeapWords words;
    private final HeapAllocator allocator;

    BlockContents(HeapWords words, HeapAllocator allocator) {
        this.words = words;
        this.allocator = allocator;
    }

    /** At a multiple of 8. */
    public long getLong(long handle, long offset) {
        return words.get(at(handle, offset, Long.BYTES));
    }

    /** At a multiple of 8. */
    public void putLong(long handle, long offset, long value) {
        long at = at(handle, offset, Long.BYTES);
        words.beginChange();
        words.put(at, value);
        words.endChange();
    }

    /** At a multiple of 4. */
    public int getInt(long handle, long offset) {
        return (int) get(at(handle, offset, Integer.BYTES));
    }

    /** At a multiple of 4. */
    public void putInt(long handle, long offset, int value) {
        long at = at(handle, offset, Integer.BYTES);
        words.beginChange();
        put(at, value, 0xffff_ffffL);
        words.endChange();
    }

    public byte getByte(long handle, long offset) {
        return (byte) get(at(handle, offset, Byte.BYTES));
    }

    public void putByte(long handle, long offset, byte value) {
        long at = at(handle, offset, Byte.BYTES);
        words.beginChange();
        put(at, value, 0xffL);
        words.endChange();
    }

    public byte[] getBytes(long handle, long offset, int length) {
        long from = range(handle, offset, length);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) get(from + i);
        }
        return bytes;
    }

    public void putBytes(long handle, long offset, byte[] bytes) {
        long from = range(handle, offset, bytes.length);
        words.beginChange();
        for (int i = 0; i < bytes.length; i++) {
            put(from + i, bytes[i], 0xffL);
        }
        words.endChange();
    }

    /** The bytes from there to the end of their word. */
    private long get(long at) {
        return words.get(at & ~IN_WORD) >>> shift(at);
    }

    private void put(long at, long value, long mask) {
        long word = words.get(at & ~IN_WORD);
        words.put(at & ~IN_WORD, (word & ~(mask << shift(at))) | (value & mask) << shift(at));
    }

    private static int shift(long at) {
        return (int) (at & IN_WORD) * Byte.SIZE;
    }

    private long at(long handle, long offset, int size) {
        long at = range(handle, offset, size);
        if (offset % size != 0) {
            throw new IndexOutOfBoundsException(
                    "a value of " + size + " bytes cannot stand at " + offset + "; give a multiple of " + size);
        }
        return at;
    }

    private long range(long handle, long offset, int length) {
        long size = allocator.sizeOf(handle);
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at " + offset + " are not within block " + handle + ", which has " + size);
        }
        return handle + offset;
    }
}
