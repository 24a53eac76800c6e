package io.mortmain.internal.linux;

/**
 * {@code struct rusage} of 64-bit machines (bits/types/struct_rusage.h).
 *
 * <pre>
 *   0              8                16               24                 32          40    144
 *   +--------------+----------------+----------------+------------------+-----------+-----+
 *   | user seconds | – microseconds | system seconds | – microseconds   | peak KiB  | …   |
 *   +--------------+----------------+----------------+------------------+-----------+-----+
 * </pre>
 */
public final class RusageLayout {
    public static final int USER_SECONDS = 0;
    public static final int USER_MICROSECONDS = 8;
    public static final int SYSTEM_SECONDS = 16;
    public static final int SYSTEM_MICROSECONDS = 24;
    public static final int PEAK_KIB = 32;
    public static final int SIZE = 144;

    static {
        Layouts.require(PEAK_KIB + Long.BYTES <= SIZE, "the peak lies inside the structure");
    }

    private RusageLayout() {}
}
