package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * One named object of a region. An entry is filled in while its state is 0, then published by one store; it never changes after.
 *
 * <pre>
 *   0         4         8                16               24        28        32                      112       120      128
 *   +---------+---------+----------------+----------------+---------+---------+-----------------------+---------+---------+
 *   | state   | type    | offset in file | size, bytes    | kind of | length  | name, UTF-8           | zero    | check-  |
 *   | 0 or 1  | 1 to 5  |                |                | mutex   | of name | (80 bytes)            |         | sum     |
 *   +---------+---------+----------------+----------------+---------+---------+-----------------------+---------+---------+
 * </pre>
 *
 * <p>The types are those of {@link ObjectType}. The offset is that of the bytes, or, of what is a mutex alone, of the mutex; a guarded object
 * and a heap have both, and their mutex, as every one, is in the slot of the entry. The checksum is FNV-1a of 64 bits over bytes 4 to 119.
 */
public final class DirectoryEntryLayout {
    public static final int STATE = 0;
    public static final int TYPE = 4;
    public static final int OFFSET = 8;
    public static final int LENGTH = 16;
    public static final int KIND = 24;
    public static final int NAME_LENGTH = 28;
    public static final int NAME = 32;
    public static final int NAME_SIZE = 80;
    public static final int RESERVED = 112;
    public static final int CHECKSUM = 120;
    public static final int SIZE = 128;

    public static final int STATE_FREE = 0;
    public static final int STATE_PUBLISHED = 1;
    public static final int TYPE_MUTEX = 1;
    public static final int TYPE_MEMORY = 2;
    public static final int TYPE_GUARDED = 3;
    public static final int TYPE_COUNTER = 4;
    public static final int TYPE_HEAP = 5;

    static {
        Layouts.require(NAME + NAME_SIZE == RESERVED, "no hole after the name");
        Layouts.require(CHECKSUM + Long.BYTES == SIZE, "the checksum ends the entry");
    }

    private DirectoryEntryLayout() {}
}
