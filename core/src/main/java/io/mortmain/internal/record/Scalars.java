package io.mortmain.internal.record;

/**
 * Primitives of a record in words. Each is aligned to its size, so it is in one word. The place comes first, so that a method handle can
 * have it bound; {@code base} is where the record begins. Arithmetic on an array, and no memory segments: of these the JIT now and then
 * leaves a slice on the heap, depending on what it compiled first.
 */
final class Scalars {
    private static final int BYTE_MASK = Long.BYTES - 1;

    private Scalars() {}

    private static long shifted(long at, long[] words) {
        return words[(int) (at / Long.BYTES)] >>> shift(at);
    }

    private static int shift(long at) {
        return (int) (at & BYTE_MASK) * Byte.SIZE;
    }

    private static void putBits(long at, long[] words, long mask, long value) {
        int index = (int) (at / Long.BYTES);
        int shift = shift(at);
        words[index] = (words[index] & ~(mask << shift)) | ((value & mask) << shift);
    }

    static boolean booleanAt(long at, long[] words, long base) {
        return (byte) shifted(base + at, words) != 0;
    }

    static byte byteAt(long at, long[] words, long base) {
        return (byte) shifted(base + at, words);
    }

    static short shortAt(long at, long[] words, long base) {
        return (short) shifted(base + at, words);
    }

    static char charAt(long at, long[] words, long base) {
        return (char) shifted(base + at, words);
    }

    static int intAt(long at, long[] words, long base) {
        return (int) shifted(base + at, words);
    }

    static long longAt(long at, long[] words, long base) {
        return words[(int) ((base + at) / Long.BYTES)];
    }

    static float floatAt(long at, long[] words, long base) {
        return Float.intBitsToFloat(intAt(at, words, base));
    }

    static double doubleAt(long at, long[] words, long base) {
        return Double.longBitsToDouble(longAt(at, words, base));
    }

    static void put(long at, long[] words, long base, boolean value) {
        putBits(base + at, words, 0xffL, value ? 1L : 0L);
    }

    static void put(long at, long[] words, long base, byte value) {
        putBits(base + at, words, 0xffL, (long) value);
    }

    static void put(long at, long[] words, long base, short value) {
        putBits(base + at, words, 0xffffL, (long) value);
    }

    static void put(long at, long[] words, long base, char value) {
        putBits(base + at, words, 0xffffL, (long) value);
    }

    static void put(long at, long[] words, long base, int value) {
        putBits(base + at, words, 0xffff_ffffL, (long) value);
    }

    static void put(long at, long[] words, long base, long value) {
        words[(int) ((base + at) / Long.BYTES)] = value;
    }

    static void put(long at, long[] words, long base, float value) {
        put(at, words, base, Float.floatToRawIntBits(value));
    }

    static void put(long at, long[] words, long base, double value) {
        put(at, words, base, Double.doubleToRawLongBits(value));
    }

    /** Padding: a few bytes, so that no call of a stub is worth it. */
    static void zero(long at, long size, long[] words, long base) {
        for (long i = 0; i < size; i++) {
            putBits(base + at + i, words, 0xffL, 0L);
        }
    }
}
