package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * The first page of a region's file, written before the file has a name, and changed only when the machine was rebooted since.
 *
 * <pre>
 *    0                8         12        16               24               32                                48
 *    +----------------+---------+---------+----------------+----------------+--------------------------------+
 *    | magic          | version | ABI tag | layout hash    | file size      | boot id (16 bytes)             |
 *    +----------------+---------+---------+----------------+----------------+--------------------------------+
 *   48               56               64        68        72               80               88               96       4088   4096
 *    +----------------+----------------+---------+---------+----------------+----------------+----------------+--------+------+
 *    | PID namespace  | created, ns    | max.    | flags   | capacity for   | recovered, ns  | of it reserved | zero   | check|
 *    | inode          | since 1970     | objects |         | data, bytes    | since 1970, 0  | at creation    |        | sum  |
 *    +----------------+----------------+---------+---------+----------------+----------------+----------------+--------+------+
 * </pre>
 *
 * <p>All numbers are little-endian. The checksum is FNV-1a of 64 bits over the bytes before it, so that no byte of the page can change
 * unseen. Where the areas of the file stand follows from capacity and number of objects, see {@link RegionGeometry}.
 */
public final class RegionHeaderLayout {
    public static final int MAGIC = 0;
    public static final int VERSION = 8;
    public static final int ABI = 12;
    public static final int LAYOUT_HASH = 16;
    public static final int FILE_SIZE = 24;
    public static final int BOOT_ID = 32;
    public static final int BOOT_ID_SIZE = 16;
    public static final int PID_NAMESPACE = 48;
    public static final int CREATED = 56;
    public static final int MAX_OBJECTS = 64;
    public static final int FLAGS = 68;
    public static final int CAPACITY = 72;
    /** When the region was last made usable after a reboot; 0 for never. */
    public static final int RECOVERED = 80;

    /** Bytes of the capacity whose space was reserved when the file was made; that of the rest is reserved for objects as they need it. */
    public static final int FIRST_CAPACITY = 88;

    public static final int RESERVED = 96;
    public static final int CHECKSUM = 4088;
    public static final int SIZE = 4096;

    /** "MORTMAIN" as the bytes of a little-endian long. */
    public static final long MAGIC_VALUE = 0x4e49414d54524f4dL;

    public static final int VERSION_VALUE = 1;

    /** In the flags: words have the numbers of {@link OwnerNumberLayout} and not the kernel's. Whoever does not know a flag refuses. */
    public static final int FLAG_SEVERAL_PID_NAMESPACES = 1;

    static {
        Layouts.require(BOOT_ID + BOOT_ID_SIZE == PID_NAMESPACE, "no hole after the boot id");
        Layouts.require(CHECKSUM + Long.BYTES == SIZE, "the checksum ends the page");
    }

    private RegionHeaderLayout() {}
}
