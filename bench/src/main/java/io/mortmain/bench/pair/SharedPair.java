package io.mortmain.bench.pair;

import io.mortmain.bench.peer.PairLoop;

/** Two numbers whose sum stays, shared between processes by one means, used as its authors intend. */
interface SharedPair extends AutoCloseable {
    /** Of the two numbers; at first it is all in the first. */
    long SUM = 1_000;

    /**
     * Moves one from the first to the second.
     *
     * @param between runs between the two stores; where the means lets no program be there, as near to them as it does
     */
    void move(Runnable between) throws Exception;

    /** Enters as the next who wants to change them, and looks. */
    Seen look() throws Exception;

    /** Moves, with nothing between, as fast as the means allows. */
    PairLoop moves();

    @Override
    void close() throws Exception;

    /**
     * What was found.
     *
     * @param told whether the means said that somebody died
     */
    record Seen(boolean told, long first, long second) {}
}
