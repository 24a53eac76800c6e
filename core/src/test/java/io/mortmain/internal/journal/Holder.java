package io.mortmain.internal.journal;

import io.mortmain.internal.words.SharedBytes;

/**
 * What stands between the journal and the memory of one holder, and how the holder uses the journal. As it is, it changes nothing; a
 * mutant breaks one thing.
 */
class Holder extends SharedBytes {
    /** Of this one. Set before it does anything. */
    LateBytes memory = new LateBytes(Block.born(), Block.USED, LateBytes.NEVER);

    /** Whether the roll-back is going on, and not a transaction. */
    boolean undoing;

    /**
     * The beginning of its hold.
     *
     * @param told whether the mutex said that the predecessor died; it does not after one who declared the data consistent, and undid nothing
     * @param deadBefore holders that died before this one without a commit or a roll-back between
     */
    void acquired(Journal journal, boolean told, int deadBefore) {
        journal.rollBack();
    }

    void storeUsed(int value) {
        memory.putIntRelease(Block.USED, value);
    }

    void storeEntry(long offset, long value) {
        memory.putLong(offset, value);
    }

    void storeData(long offset, long value) {
        memory.putLong(offset, value);
    }

    void fence() {
        memory.storeStoreFence();
    }

    @Override
    public final int getIntAcquire(long offset) {
        return memory.getIntAcquire(offset);
    }

    @Override
    public final void putIntRelease(long offset, int value) {
        if (offset == Block.USED) {
            storeUsed(value);
        } else {
            memory.putIntRelease(offset, value);
        }
    }

    @Override
    public final long getLong(long offset) {
        return memory.getLong(offset);
    }

    @Override
    public final void putLong(long offset, long value) {
        if (Block.isEntry(offset)) {
            storeEntry(offset, value);
        } else {
            storeData(offset, value);
        }
    }

    @Override
    public final void storeStoreFence() {
        fence();
    }
}
