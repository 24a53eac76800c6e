package io.mortmain.internal.layout;

/**
 * One number for the whole format, written into every region: two builds that place anything differently refuse each other's regions
 * even where somebody forgot to raise the version.
 */
public final class LayoutHash {
    /** What is hashed: every offset that two processes must agree on. The C header has the same number, and a test compares. */
    static final String DESCRIPTION = "header " + RegionHeaderLayout.SIZE + "," + RegionHeaderLayout.CHECKSUM + ","
            + RegionHeaderLayout.CAPACITY + "," + RegionHeaderLayout.FIRST_CAPACITY
            + "; geometry " + RegionGeometry.ALIGNMENT + "," + RegionGeometry.DIRECTORY + ","
            + RegionGeometry.OWNER_RECORDS + "," + StatePageLayout.WRITTEN_END
            + "; entry " + DirectoryEntryLayout.SIZE + "," + DirectoryEntryLayout.NAME + ","
            + DirectoryEntryLayout.NAME_SIZE
            + "," + DirectoryEntryLayout.CHECKSUM
            + "; slot " + MutexSlotLayout.SIZE + "," + MutexSlotLayout.CONTENDED + "," + MutexSlotLayout.DEATHS + ","
            + MutexSlotLayout.RECOVERIES
            + "; mutex " + GlibcMutexLayout.OWNER + "," + GlibcMutexLayout.KIND + "," + GlibcMutexLayout.NODE
            + "; block " + GuardedBlockLayout.ELEMENT_SIZE + "," + GuardedBlockLayout.ELEMENTS + ","
            + GuardedBlockLayout.JOURNAL_CAPACITY + "," + GuardedBlockLayout.SCHEMA_SIZE + ","
            + GuardedBlockLayout.DATA + "," + GuardedBlockLayout.SEQUENCE + "," + GuardedBlockLayout.FLAGS + ","
            + GuardedBlockLayout.JOURNAL_USED + "," + GuardedBlockLayout.STRIPES + "," + GuardedBlockLayout.JOURNAL
            + ","
            + GuardedBlockLayout.ENTRY_OLD_VALUE + "," + GuardedBlockLayout.ENTRY_SIZE + ","
            + GuardedBlockLayout.ALIGNMENT
            + "; heap " + HeapLayout.TOP + "," + HeapLayout.ROOT + "," + HeapLayout.FREE_LISTS + ","
            + HeapLayout.CLASSES
            + "," + HeapLayout.BLOCKS + "," + HeapLayout.HEADER_HANDLE_SHIFT + "," + HeapLayout.HEADER_STATE_SHIFT;

    public static final long VALUE = Fnv.hash(DESCRIPTION);

    private LayoutHash() {}
}
