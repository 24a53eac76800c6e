package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * The block of an object whose data outlive the death of their writer: a header, the journal, the description of the data, the data.
 * Offsets are from the block, which begins at a multiple of {@link #ALIGNMENT} of the file.
 *
 * <pre>
 *   0                8                16               24               32               40               48        56        64
 *   +----------------+----------------+----------------+----------------+----------------+----------------+---------+---------+
 *   | schema's hash  | element size,  | elements       | journal's      | schema's size, | data: offset   | sequence| journal |
 *   |                | bytes          | (1: a record)  | capacity,      | bytes          | from the block |  (48)   | used    |
 *   |                |                |                | entries        |                |                | flags   |  (56)   |
 *   |                |                |                |                |                |                |  (52)   | stripes |
 *   +----------------+----------------+----------------+----------------+----------------+----------------+---------+---------+
 *
 *   64                               + 16 x capacity                     data, a multiple of 64        + elements x element size
 *   +--------------------------------+------------------------+---------+------------------------------+
 *   | journal: entries, 16 bytes     | schema, UTF-8          | zero    | data                         |
 *   +--------------------------------+------------------------+---------+------------------------------+
 *     0                8                16
 *     +----------------+----------------+
 *     | offset of word | its old value  |   one entry: a word of 8 bytes, by its offset from the block, within the data
 *     +----------------+----------------+
 * </pre>
 *
 * <p>What stands before {@link #SEQUENCE}, and the number of stripes, never changes after the block was published. The hash is FNV-1a of
 * 64 bits over the schema.
 */
public final class GuardedBlockLayout {
    public static final int SCHEMA_HASH = 0;
    public static final int ELEMENT_SIZE = 8;
    public static final int ELEMENTS = 16;
    public static final int JOURNAL_CAPACITY = 24;
    public static final int SCHEMA_SIZE = 32;
    public static final int DATA = 40;
    /** The futex word of those who wait for a condition. */
    public static final int SEQUENCE = 48;

    public static final int FLAGS = 52;
    /** Entries of the journal that are to be undone when the writer has died; 0 when no transaction is being written. */
    public static final int JOURNAL_USED = 56;

    /**
     * Mutexes among which the records are divided, {@link #MOST_STRIPES} at most; 0: there is none but that of the object. Never changes. Who
     * does not know them must leave the object alone: its own mutex is then that of the journal only.
     */
    public static final int STRIPES = 60;

    public static final int JOURNAL = 64;

    public static final int ENTRY_WORD = 0;
    public static final int ENTRY_OLD_VALUE = 8;
    public static final int ENTRY_SIZE = 16;

    /** In the flags: the data mean nothing until all of them are replaced; a reboot came between their pages, or who was replacing them died. */
    public static final int FLAG_LOST = 1;

    public static final int ALIGNMENT = 64;
    /** The largest journal, in entries: a gigabyte. */
    public static final int MOST_ENTRIES = 1 << 26;

    public static final int MOST_STRIPES = 64;

    static {
        Layouts.require(DATA + Long.BYTES == SEQUENCE, "what never changes ends before the sequence");
        Layouts.require(
                SEQUENCE + Integer.BYTES == FLAGS && FLAGS + Integer.BYTES == JOURNAL_USED, "no hole in the words");
        Layouts.require(STRIPES + Integer.BYTES == JOURNAL && JOURNAL % ALIGNMENT == 0, "the header is a cache line");
        Layouts.require(ENTRY_OLD_VALUE + Long.BYTES == ENTRY_SIZE, "the old value ends the entry");
    }

    private GuardedBlockLayout() {}

    /** Where an entry of the journal stands. */
    public static long entry(int index) {
        return JOURNAL + (long) index * ENTRY_SIZE;
    }

    /**
     * Where the schema stands: behind the journal.
     *
     * @param capacity of the journal, entries, 0 to {@link #MOST_ENTRIES}
     */
    public static long schema(long capacity) {
        return JOURNAL + capacity * ENTRY_SIZE;
    }

    /**
     * Where the data stand: behind the schema, at a multiple of {@link #ALIGNMENT}.
     *
     * @param capacity of the journal, entries, 0 to {@link #MOST_ENTRIES}
     * @param schemaSize bytes, 0 to 2^31 - 1
     */
    public static long data(long capacity, long schemaSize) {
        return (schema(capacity) + schemaSize + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
