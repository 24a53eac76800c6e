package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * The data of a heap, which stand in a block of {@link GuardedBlockLayout}. Offsets are from the data.
 *
 * <pre>
 *   0                8                16               24               32                                1376     1400
 *   +----------------+----------------+----------------+----------------+---------------------------------+--------+
 *   | committed end  | top            | root           | zero           | first free block of each class, | zero   |
 *   |                |                | handle, or 0   |                | 168 handles, or 0               |        |
 *   +----------------+----------------+----------------+----------------+---------------------------------+--------+
 *
 *   1400                                                       top                    committed end            size
 *   +---------+---------------+---------+----------------+-- ... +-----------------------+------------------------+
 *   | header  | contents      | header  | contents       |       | means nothing         | may have no space yet  |
 *   +---------+---------------+---------+----------------+-- ... +-----------------------+------------------------+
 *
 *   header:    handle x 65536 + state x 256 + class         contents of a free block: handle of the next one, or 0; then anything
 * </pre>
 *
 * <p>A block's handle is the offset of its contents. Contents begin and end at multiples of 8; how long they are follows from the class: 8, 16,
 * 24 and 32 bytes, and from there on four sizes to each doubling.
 */
public final class HeapLayout {
    public static final int COMMITTED_END = 0;
    public static final int TOP = 8;
    public static final int ROOT = 16;
    public static final int RESERVED = 24;
    public static final int FREE_LISTS = 32;
    public static final int CLASSES = 168;
    /** Where the first block's header stands, so that its contents begin a cache line. */
    public static final int BLOCKS = 1_400;

    public static final int HEADER_SIZE = 8;
    public static final int HEADER_HANDLE_SHIFT = 16;
    public static final int HEADER_STATE_SHIFT = 8;
    public static final int STATE_FREE = 1;
    public static final int STATE_ALLOCATED = 2;

    /** The data are one array of elements of this size. */
    public static final int ELEMENT_SIZE = 64;

    static {
        Layouts.require(RESERVED + Long.BYTES == FREE_LISTS, "no hole before the lists");
        Layouts.require(FREE_LISTS + CLASSES * Long.BYTES <= BLOCKS, "the lists end before the blocks");
        Layouts.require(CLASSES <= 1 << HEADER_STATE_SHIFT, "a class fits into its byte");
        Layouts.require(
                RegionGeometry.MAX_CAPACITY <= Long.MAX_VALUE >>> HEADER_HANDLE_SHIFT, "a handle fits into a header");
        Layouts.require(
                (BLOCKS + HEADER_SIZE) % GuardedBlockLayout.ALIGNMENT == 0, "the first contents begin a cache line");
    }

    private HeapLayout() {}

    /** Where the handle of the first free block of a class stands. */
    public static long freeList(int sizeClass) {
        return FREE_LISTS + (long) sizeClass * Long.BYTES;
    }

    /** What the header of a block says. */
    public static long header(long handle, int state, int sizeClass) {
        return handle << HEADER_HANDLE_SHIFT | (long) state << HEADER_STATE_SHIFT | sizeClass;
    }
}
