package io.mortmain.internal.layout;

/**
 * Where the areas of a region's file stand.
 *
 * <pre>
 *   0          4096       8192                  L                    O                  D                         size
 *   +----------+----------+---------------------+--------------------+------------------+--------------------------+
 *   | header   | state    | directory           | lock area          | owner records    | data, and the journals   |
 *   | (fixed)  | page     | 128 bytes an object | 128 bytes a mutex  | 64 bytes each    | of guarded objects       |
 *   +----------+----------+---------------------+--------------------+------------------+--------------------------+
 * </pre>
 *
 * <p>L, O, D and the size are multiples of {@link #ALIGNMENT}, the largest page size of the supported machines, because the lock
 * area is mapped by itself. Owner records are used in regions for several PID namespaces only. Slot 0 of the lock area is the mutex of the directory; slot i + 1 belongs to directory entry i.
 *
 * <p>The file has its full length from the beginning, and nothing ever moves. What is reserved later is space only.
 *
 * @param capacity bytes for the users' objects but mutexes, as given at creation
 * @param maxObjects named objects at most
 * @param firstCapacity bytes of the capacity whose space is reserved at creation
 */
public record RegionGeometry(long capacity, int maxObjects, long firstCapacity) {
    public static final int ALIGNMENT = 65_536;
    public static final long MAX_CAPACITY = 1L << 46;
    public static final int MAX_OBJECTS = 1 << 20;

    /** The page whose first word every opener increments; see {@code Mapping}. */
    public static final int STATE_PAGE = RegionHeaderLayout.SIZE;

    public static final int DIRECTORY = 8_192;
    /** Processes that can have a region for several PID namespaces open at once. */
    public static final int OWNER_RECORDS = 1_024;

    private static final int OWNER_AREA_SIZE = OWNER_RECORDS * OwnerRecordLayout.SIZE;

    /** With all of its space reserved at creation. */
    public RegionGeometry(long capacity, int maxObjects) {
        this(capacity, maxObjects, capacity);
    }

    /** Whether the numbers are within their ranges; other numbers have no geometry. */
    public boolean isPossible() {
        return capacity >= 0
                && capacity <= MAX_CAPACITY
                && maxObjects >= 1
                && maxObjects <= MAX_OBJECTS
                && firstCapacity >= 0
                && firstCapacity <= capacity;
    }

    public long lockArea() {
        return align(DIRECTORY + (long) maxObjects * DirectoryEntryLayout.SIZE);
    }

    public long lockAreaSize() {
        return align((maxObjects + 1L) * MutexSlotLayout.SIZE);
    }

    public long ownerArea() {
        return lockArea() + lockAreaSize();
    }

    public long ownerAreaSize() {
        return OWNER_AREA_SIZE;
    }

    public long data() {
        return ownerArea() + OWNER_AREA_SIZE;
    }

    public long dataSize() {
        return align(capacity);
    }

    public long fileSize() {
        return data() + dataSize();
    }

    /** Bytes from the beginning of the file whose space is reserved at creation; {@link #fileSize} where that is all. */
    public long firstSize() {
        return data() + align(firstCapacity);
    }

    private static long align(long size) {
        return (size + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
