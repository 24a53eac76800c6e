package io.mortmain.explore.machine;

import io.mortmain.internal.layout.GuardedBlockLayout;

/**
 * What must be true of the data of a guarded object, which stands where the directory's first entry would: two words, each transaction makes
 * both one more. Remembers in the last of the programs' own words who has made the journal valid, and holds the mutex since.
 */
public final class DataRules {
    public static final int CAPACITY = 2;
    public static final int WORDS = 2;
    /** From the block: the data. There is no schema. */
    public static final long DATA = GuardedBlockLayout.schema(CAPACITY);

    private static final int MUTEX = 0;
    private static final int WRITER = 7;

    private final MemoryMap map;

    DataRules(MemoryMap map) {
        this.map = map;
    }

    /** Where the block begins. */
    public static long block() {
        return MemoryMap.directory();
    }

    private static boolean isData(long address) {
        return address >= block() + DATA && address < block() + DATA + WORDS * (long) Long.BYTES;
    }

    private int used(World world) {
        return world.word(map.index(block() + GuardedBlockLayout.JOURNAL_USED));
    }

    private int writer(World world) {
        return world.word(map.index(MemoryMap.ownWord(WRITER))) - 1;
    }

    private long at(World world, long offset) {
        return map.getLong(world, map.index(block() + offset));
    }

    /** Whoever comes in has written nothing yet, also if the transaction that was left half done is its own. */
    void atEnter(World world, int mutex) {
        if (mutex == MUTEX) {
            world.setWord(map.index(MemoryMap.ownWord(WRITER)), 0);
        }
    }

    void beforeLoad(World world, int thread, long address) {
        Rules.require(
                !isData(address) || used(world) == 0 || writer(world) == thread,
                Rule.SEEN_WHOLE,
                "data are read that another holder left half done");
    }

    void beforeStore(World world, int thread, long address, long value) {
        if (isData(address)) {
            Rules.require(used(world) != 0, Rule.FINAL, "a word is changed, and no entry could undo it");
        } else if (address == block() + GuardedBlockLayout.JOURNAL_USED && value == 0) {
            beforeEmptied(world, thread);
        } else if (address == block() + GuardedBlockLayout.JOURNAL_USED) {
            requireLogged(world, (int) value);
            world.setWord(map.index(MemoryMap.ownWord(WRITER)), thread + 1);
        }
    }

    /** A commit, by who has written; or the end of a roll-back. */
    private void beforeEmptied(World world, int thread) {
        int used = used(world);
        boolean whole = at(world, DATA) == at(world, DATA + Long.BYTES);
        Rules.require(whole, Rule.SEEN_WHOLE, "the journal is emptied, and the words are of two transactions");
        for (int entry = 0; entry < used && writer(world) != thread; entry++) {
            Rules.require(isUndone(world, entry), Rule.SEEN_WHOLE, "what another holder left half done is committed");
        }
        world.setWord(map.index(MemoryMap.ownWord(WRITER)), 0);
    }

    private boolean isUndone(World world, int entry) {
        long at = GuardedBlockLayout.entry(entry);
        return at(world, at(world, at + GuardedBlockLayout.ENTRY_WORD))
                == at(world, at + GuardedBlockLayout.ENTRY_OLD_VALUE);
    }

    private void requireLogged(World world, int count) {
        for (int entry = used(world); entry < count; entry++) {
            Rules.require(isUndone(world, entry), Rule.FINAL, "an entry becomes valid that would not undo its word");
        }
    }
}
