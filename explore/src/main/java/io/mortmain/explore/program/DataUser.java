package io.mortmain.explore.program;

import io.mortmain.explore.machine.DataRules;
import io.mortmain.explore.machine.Player;
import io.mortmain.explore.machine.SeamOf;
import io.mortmain.internal.guarded.Recovery;
import io.mortmain.internal.journal.Journal;
import io.mortmain.internal.journal.WordChanges;
import io.mortmain.internal.words.SharedBytes;

/** What the holder of a guarded object's mutex does, as {@code GuardedLock} and {@code Guarded.update} do, or as C programs. */
final class DataUser {
    /** Of the directory, in whose place the block is. */
    static final int ENTRIES = 1;

    private static final long FIRST = DataRules.DATA;
    private static final long SECOND = DataRules.DATA + Long.BYTES;

    private final SharedBytes bytes;
    private final Journal journal;
    private final Recovery recovery;
    private final boolean looksAlways;

    DataUser(Player player, Mutant mutant) {
        this.bytes = mutant.bytes(new SeamOf(player).bytes(DataRules.block()));
        this.journal = new Journal(
                bytes, 0, DataRules.CAPACITY, DataRules.DATA, DataRules.WORDS * (long) Long.BYTES, "the data");
        this.looksAlways = mutant.looksAlways();
        this.recovery = new Recovery(bytes, 0, journal);
    }

    /** The mutex's repair. */
    void repair() {
        recovery.afterDeath(false);
    }

    /** Whatever the mutex said. */
    void recover() {
        if (looksAlways && recovery.isDue()) {
            recovery.afterAcquisition();
        }
    }

    void update() {
        long[] before = load();
        new WordChanges(bytes, 0, journal).replace(FIRST, before, new long[] {before[0] + 1, before[1] + 1});
    }

    /** What an error leaves behind that comes between the two words of {@link #update}: nothing catches it there, and the mutex is released. */
    void breakOff() {
        long[] before = load();
        for (int word = 0; word < DataRules.WORDS; word++) {
            journal.log(word, FIRST + (long) word * Long.BYTES, before[word]);
        }
        journal.publish(DataRules.WORDS);
        bytes.putLong(FIRST, before[0] + 1);
    }

    private long[] load() {
        return new long[] {bytes.getLong(FIRST), bytes.getLong(SECOND)};
    }

    /** Of what was given up. */
    void reset() {
        journal.rollBack();
    }

    /** As mortmain/guarded.h does: word by word, in place. */
    void writeInPlace() {
        for (int word = 0; word < DataRules.WORDS; word++) {
            long offset = FIRST + (long) word * Long.BYTES;
            long old = bytes.getLong(offset);
            journal.log(word, offset, old);
            journal.publish(word + 1);
            bytes.putLong(offset, old + 1);
        }
        journal.commit();
    }
}
