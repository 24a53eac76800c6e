package io.mortmain.internal.linux;

/**
 * {@code struct statx} (linux/stat.h), the same on every architecture; only what is read.
 *
 * <pre>
 *   0        20        24        28    30    32               40               48       136       140       144      256
 *   +--------+---------+---------+-----+-----+----------------+----------------+--------+---------+---------+--------+
 *   | …      | uid     | gid     | mode| …   | ino            | size           | …      | dev     | dev     | …      |
 *   |        |         |         |     |     |                |                |        | major   | minor   |        |
 *   +--------+---------+---------+-----+-----+----------------+----------------+--------+---------+---------+--------+
 * </pre>
 */
public final class StatxLayout {
    public static final int USER_ID = 20;
    public static final int GROUP_ID = 24;
    public static final int MODE = 28;
    public static final int INODE = 32;
    public static final int FILE_SIZE = 40;
    public static final int DEVICE_MAJOR = 136;
    public static final int DEVICE_MINOR = 140;
    public static final int SIZE = 256;

    static {
        Layouts.require(INODE % Long.BYTES == 0 && FILE_SIZE % Long.BYTES == 0, "numbers of 8 bytes are aligned");
        Layouts.require(DEVICE_MINOR + Integer.BYTES <= SIZE, "the device lies inside the structure");
    }

    private StatxLayout() {}
}
