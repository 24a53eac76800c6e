package io.mortmain.internal.linux;

/**
 * {@code struct statfs} of 64-bit machines (bits/statfs.h); only the file system's magic number is read, which comes first.
 *
 * <pre>
 *   0                8                              120
 *   +----------------+------------------------------+
 *   | type           | …                            |
 *   +----------------+------------------------------+
 * </pre>
 */
public final class StatfsLayout {
    public static final int TYPE = 0;
    public static final int SIZE = 120;

    static {
        Layouts.require(TYPE + Long.BYTES <= SIZE, "the type lies inside the structure");
    }

    private StatfsLayout() {}
}
