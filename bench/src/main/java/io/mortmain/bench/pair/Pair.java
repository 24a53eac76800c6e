package io.mortmain.bench.pair;

/** As Mortmain guards it. */
record Pair(long first, long second) {
    static final Pair FIRST = new Pair(SharedPair.SUM, 0);

    /** One moved from the first to the second. */
    Pair moved() {
        return new Pair(first - 1, second + 1);
    }
}
