package io.mortmain.cli.demo;

/**
 * The memory that the workers of the demo share, guarded by one mutex except where it says otherwise. All fields are 64-bit integers;
 * {@code worker.c} has the same as C structures.
 *
 * <pre>
 *   0         8         16        24        32        40        64                  128              640           8832
 *   +---------+---------+---------+---------+---------+---------+-------------------+----------------+-------------+----------+
 *   | holder  | turns   | told    | intru-  | trans-  | unused  | journal           | accounts       | slots       | told log |
 *   |         |         |         | sions   | fers    |         | 7 fields          | 64             | 64 x 128    | 4096 x 32|
 *   +---------+---------+---------+---------+---------+---------+-------------------+----------------+-------------+----------+
 *
 *   journal:  state, from, to, amount, old balance of from, of to, transfers before
 *   slot:     life, phase, order, last words (life, kind, time), turns            written by its worker; order by the demo
 *   told:     time, holder word found, life of the one who was told, turns so far   published by the count "told"
 * </pre>
 */
final class BankLayout {
    static final long HOLDER = 0;
    static final long TURNS = 8;
    static final long TOLD = 16;
    static final long INTRUSIONS = 24;
    static final long TRANSFERS = 32;

    static final long JOURNAL_STATE = 64;
    static final long JOURNAL_FROM = 72;
    static final long JOURNAL_TO = 80;
    static final long JOURNAL_AMOUNT = 88;
    static final long JOURNAL_OLD_FROM = 96;
    static final long JOURNAL_OLD_TO = 104;
    static final long JOURNAL_OLD_TRANSFERS = 112;

    static final int ACCOUNTS = 64;
    private static final long ACCOUNT_AREA = 128;

    static final int SLOTS = 64;
    private static final long SLOT_AREA = ACCOUNT_AREA + ACCOUNTS * (long) Long.BYTES;
    private static final long SLOT_SIZE = 128;
    static final long SLOT_LIFE = 0;
    static final long SLOT_PHASE = 8;
    static final long SLOT_ORDER = 16;
    static final long SLOT_LAST_WORDS_LIFE = 24;
    static final long SLOT_LAST_WORDS_KIND = 32;
    static final long SLOT_LAST_WORDS_TIME = 40;
    static final long SLOT_TURNS = 48;

    static final int TOLD_ENTRIES = 4096;
    private static final long TOLD_AREA = SLOT_AREA + SLOTS * SLOT_SIZE;
    private static final long TOLD_SIZE = 32;
    static final long TOLD_TIME = 0;
    static final long TOLD_HOLDER = 8;
    static final long TOLD_BY = 16;
    static final long TOLD_TURNS = 24;

    static final long SIZE = TOLD_AREA + TOLD_ENTRIES * TOLD_SIZE;

    private BankLayout() {}

    static long account(int index) {
        return ACCOUNT_AREA + index * (long) Long.BYTES;
    }

    static long slot(int index) {
        return SLOT_AREA + index * SLOT_SIZE;
    }

    static long told(long index) {
        return TOLD_AREA + index % TOLD_ENTRIES * TOLD_SIZE;
    }
}
