package io.mortmain.internal.record;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Primitives at a place. The place comes first, so that a method handle can have it bound. */
final class Scalars {
    private Scalars() {}

    static boolean booleanAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_BYTE, at) != 0;
    }

    static byte byteAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_BYTE, at);
    }

    static short shortAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
    }

    static char charAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_CHAR_UNALIGNED, at);
    }

    static int intAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    }

    static long longAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    static float floatAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
    }

    static double doubleAt(long at, MemorySegment from) {
        return from.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
    }

    static void put(long at, MemorySegment to, boolean value) {
        to.set(ValueLayout.JAVA_BYTE, at, value ? (byte) 1 : (byte) 0);
    }

    static void put(long at, MemorySegment to, byte value) {
        to.set(ValueLayout.JAVA_BYTE, at, value);
    }

    static void put(long at, MemorySegment to, short value) {
        to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, value);
    }

    static void put(long at, MemorySegment to, char value) {
        to.set(ValueLayout.JAVA_CHAR_UNALIGNED, at, value);
    }

    static void put(long at, MemorySegment to, int value) {
        to.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
    }

    static void put(long at, MemorySegment to, long value) {
        to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }

    static void put(long at, MemorySegment to, float value) {
        to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, value);
    }

    static void put(long at, MemorySegment to, double value) {
        to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
    }

    /** Padding: a few bytes, so that no call of a stub is worth it. */
    static void zero(long at, long size, MemorySegment to) {
        for (long i = 0; i < size; i++) {
            to.set(ValueLayout.JAVA_BYTE, at + i, (byte) 0);
        }
    }
}
