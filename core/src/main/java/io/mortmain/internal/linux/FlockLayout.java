package io.mortmain.internal.linux;

/**
 * {@code struct flock} of 64-bit machines (bits/fcntl.h): a range of a file, and how it is locked.
 *
 * <pre>
 *   0        2        4         8                16               24        28        32
 *   +--------+--------+---------+----------------+----------------+---------+---------+
 *   | type   | whence | unused  | start, offset  | length, bytes  | process | unused  |
 *   |        | (0)    |         | in the file    |                | (0)     |         |
 *   +--------+--------+---------+----------------+----------------+---------+---------+
 * </pre>
 */
public final class FlockLayout {
    public static final int TYPE = 0;
    public static final int WHENCE = 2;
    public static final int START = 8;
    public static final int LENGTH = 16;
    public static final int PROCESS = 24;
    public static final int SIZE = 32;

    static {
        Layouts.require(TYPE + Short.BYTES == WHENCE, "no hole after the type");
        Layouts.require(START + Long.BYTES == LENGTH && LENGTH + Long.BYTES == PROCESS, "no hole in the range");
        Layouts.require(PROCESS + Long.BYTES == SIZE, "the process ends the structure");
    }

    private FlockLayout() {}
}
