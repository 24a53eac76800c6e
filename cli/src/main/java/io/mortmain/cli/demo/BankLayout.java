package io.mortmain.cli.demo;

/**
 * The memory in which the workers of the demo leave traces for it, beside the {@link Accounts}: written by the holder of their mutex except where
 * it says otherwise. All fields are 64-bit integers; {@code worker.c} has the same as C structures.
 *
 * <pre>
 *   0         8         16        24        32        64             8256
 *   +---------+---------+---------+---------+---------+-------------+----------+
 *   | holder  | turns   | told    | intru-  | unused  | slots       | told log |
 *   |         |         |         | sions   |         | 64 x 128    | 4096 x 32|
 *   +---------+---------+---------+---------+---------+-------------+----------+
 *
 *   slot:     life, phase, order, last words (life, kind, time), turns, transfers     written by its worker; order by the demo
 *   told:     time, holder word found, life of the one who found it, turns so far     published by the count "told"
 * </pre>
 */
final class BankLayout {
    static final String NAME = "bank";

    static final long HOLDER = 0;
    static final long TURNS = 8;
    static final long TOLD = 16;
    static final long INTRUSIONS = 24;

    static final int SLOTS = 64;
    private static final long SLOT_AREA = 64;
    private static final long SLOT_SIZE = 128;
    static final long SLOT_LIFE = 0;
    static final long SLOT_PHASE = 8;
    static final long SLOT_ORDER = 16;
    static final long SLOT_LAST_WORDS_LIFE = 24;
    static final long SLOT_LAST_WORDS_KIND = 32;
    static final long SLOT_LAST_WORDS_TIME = 40;
    static final long SLOT_TURNS = 48;
    static final long SLOT_TRANSFERS = 56;

    static final int TOLD_ENTRIES = 4096;
    private static final long TOLD_AREA = SLOT_AREA + SLOTS * SLOT_SIZE;
    private static final long TOLD_SIZE = 32;
    static final long TOLD_TIME = 0;
    static final long TOLD_HOLDER = 8;
    static final long TOLD_BY = 16;
    static final long TOLD_TURNS = 24;

    static final long SIZE = TOLD_AREA + TOLD_ENTRIES * TOLD_SIZE;

    private BankLayout() {}

    static long slot(int index) {
        return SLOT_AREA + index * SLOT_SIZE;
    }

    static long told(long index) {
        return TOLD_AREA + index % TOLD_ENTRIES * TOLD_SIZE;
    }
}
