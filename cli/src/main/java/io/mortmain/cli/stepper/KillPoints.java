package io.mortmain.cli.stepper;

/**
 * In which order the instructions are tried: each once, and however many there was time for, they lie evenly. It goes round in steps of
 * about the golden ratio.
 */
final class KillPoints {
    private static final double GOLDEN_RATIO = 0.6180339887498949;

    private final int count;
    private final int stride;
    private final int first;

    /**
     * The order.
     *
     * @param count of instructions, 1 or more
     */
    KillPoints(int count, long seed) {
        this.count = count;
        this.first = (int) Math.floorMod(seed, (long) count);
        int candidate = Math.max(1, (int) Math.round(count * GOLDEN_RATIO));
        while (greatestCommonDivisor(candidate, count) != 1) {
            candidate++;
        }
        this.stride = candidate;
    }

    /** The instruction, 1 to {@code count}, that is the {@code index}th to be tried, from 0. */
    int at(int index) {
        return (int) ((first + (long) index * stride) % count) + 1;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
