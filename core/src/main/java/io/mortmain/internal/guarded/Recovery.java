package io.mortmain.internal.guarded;

import io.mortmain.internal.journal.Journal;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.words.SharedBytes;

/**
 * What whoever acquires the mutex of an object with a journal owes to it before he reads the data. A journal in use is met by those who are
 * told of a death, and also where nobody was told: a C program may have declared the mutex consistent without looking at it, and an error
 * in this process may have ended a transaction half-way.
 */
public final class Recovery {
    private final SharedBytes bytes;
    private final long block;
    private final Journal journal;

    /** @param block where the block with the journal begins in the bytes */
    public Recovery(SharedBytes bytes, long block, Journal journal) {
        this.bytes = bytes;
        this.block = block;
        this.journal = journal;
    }

    /**
     * The mutex's repair: until it is done, the mutex says to each acquirer that somebody died.
     *
     * @param rebooted whether the machine was: then pages came to the disk in any order, those of the journal too
     */
    public void afterDeath(boolean rebooted) {
        if (rebooted) {
            lose();
        } else {
            journal.rollBack();
        }
    }

    /** Says that the data cannot be relied on, and that no transaction was under way. */
    void lose() {
        int flags = bytes.getIntAcquire(block + GuardedBlockLayout.FLAGS);
        bytes.putIntRelease(block + GuardedBlockLayout.FLAGS, flags | GuardedBlockLayout.FLAG_LOST);
        journal.commit();
    }

    /** Whether {@link #afterAcquisition} has something to do. */
    public boolean isDue() {
        return !journal.isEmpty();
    }

    /** What every acquirer does, whatever the mutex said. */
    public void afterAcquisition() {
        journal.rollBack();
    }
}
