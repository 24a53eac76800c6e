package io.mortmain.internal.linux;

/**
 * {@code struct iovec} of 64-bit machines (bits/types/struct_iovec.h): where bytes stand in a process, and how many.
 *
 * <pre>
 *   0                8                16
 *   +----------------+----------------+
 *   | base: address  | length, bytes  |
 *   +----------------+----------------+
 * </pre>
 */
public final class IovecLayout {
    public static final int BASE = 0;
    public static final int LENGTH = 8;
    public static final int SIZE = 16;

    static {
        Layouts.require(BASE + Long.BYTES == LENGTH, "no hole after the address");
        Layouts.require(LENGTH + Long.BYTES == SIZE, "the length ends the structure");
    }

    private IovecLayout() {}
}
