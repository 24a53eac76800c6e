package io.mortmain.cli.demo;

/**
 * Quantiles of some durations.
 *
 * @param count how many; without any the rest is 0
 * @param p50 nanoseconds that half of them do not exceed
 * @param p99 nanoseconds that 99 of 100 do not exceed
 * @param max nanoseconds of the longest
 */
record Latencies(int count, long p50, long p99, long max) {
    static Latencies of(long[] sorted) {
        return sorted.length == 0
                ? new Latencies(0, 0, 0, 0)
                : new Latencies(sorted.length, quantile(sorted, 50), quantile(sorted, 99), sorted[sorted.length - 1]);
    }

    /** The smallest of the values that as many of a hundred do not exceed. */
    private static long quantile(long[] sorted, int ofHundred) {
        int rank = (sorted.length * ofHundred + 99) / 100;
        return sorted[rank - 1];
    }
}
