package io.mortmain.internal.heap;

/**
 * The sizes of blocks: 8, 16, 24 and 32 bytes, then four to each doubling, 40, 48, 56, 64, 80 and so on. So a block is less than a quarter
 * larger than what was asked for, from 33 bytes on; below that less than 8 bytes larger.
 */
/*
 * In words of 8 bytes: classes 0 to 3 have 1 to 4 words. Each group of four behind has (5, 6, 7, 8) << n words: group n has the classes
 * 4 + 4n to 7 + 4n.
 */
final class SizeClasses {
    private static final int SMALL = 4;
    private static final int STEPS = 4;

    private SizeClasses() {}

    /** The class of the smallest blocks that have so many bytes, from 0 on. */
    static int of(long bytes) {
        long words = Math.max(1, (bytes + Long.BYTES - 1) / Long.BYTES);
        if (words <= SMALL) {
            return (int) words - 1;
        }
        int group = Long.SIZE - 1 - Long.numberOfLeadingZeros(words - 1) - 2;
        long steps = (words + (1L << group) - 1) >>> group;
        return SMALL + STEPS * group + (int) steps - STEPS - 1;
    }

    /** Bytes of a block of the class, without its header. */
    static long size(int sizeClass) {
        if (sizeClass < SMALL) {
            return (sizeClass + 1L) * Long.BYTES;
        }
        int group = (sizeClass - SMALL) / STEPS;
        return (long) (sizeClass % STEPS + STEPS + 1) << group << 3;
    }
}
