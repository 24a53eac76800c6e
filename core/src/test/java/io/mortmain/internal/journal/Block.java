package io.mortmain.internal.journal;

import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.words.SharedBytes;
import java.util.Arrays;

/** A block with eight words of data and a journal of eight entries, between two neighbours, as an array of words. */
final class Block {
    static final int CAPACITY = 8;
    static final int WORDS = 8;
    static final long BEGIN = 64;
    static final long USED = BEGIN + GuardedBlockLayout.JOURNAL_USED;
    static final long ENTRIES = BEGIN + GuardedBlockLayout.JOURNAL;
    static final long SCHEMA = BEGIN + GuardedBlockLayout.schema(CAPACITY);
    /** From the block, as everything that is passed to the journal. */
    static final long DATA = 256;

    static final long DATA_SIZE = WORDS * (long) Long.BYTES;
    static final long DATA_END = BEGIN + DATA + DATA_SIZE;
    private static final long SIZE = DATA_END + 64;
    private static final long NEIGHBOUR = 0x6e656967_68626f72L;

    static {
        if (DATA != GuardedBlockLayout.data(CAPACITY, 24)) {
            throw new AssertionError("a block with a short schema has its data elsewhere");
        }
    }

    private Block() {}

    /** A new one: each word of data has another value, and so has all that is not the journal's. */
    static long[] born() {
        long[] words = new long[(int) (SIZE / Long.BYTES)];
        Arrays.setAll(words, i -> NEIGHBOUR + i);
        Arrays.fill(words, index(USED), index(SCHEMA), 0);
        for (int i = 0; i < WORDS; i++) {
            words[index(BEGIN + DATA) + i] = 100 + i;
        }
        return words;
    }

    static Journal journal(SharedBytes bytes) {
        return new Journal(bytes, BEGIN, CAPACITY, DATA, DATA_SIZE, "object \"data\" of a test");
    }

    /** Offset of a word of the data, from the block. */
    static long offset(int word) {
        return DATA + word * (long) Long.BYTES;
    }

    static boolean isEntry(long offset) {
        return offset >= ENTRIES && offset < SCHEMA;
    }

    static boolean isData(long offset) {
        return offset >= BEGIN + DATA && offset < DATA_END;
    }

    static long[] data(long[] words) {
        return Arrays.copyOfRange(words, index(BEGIN + DATA), index(DATA_END));
    }

    static int used(long[] words) {
        return (int) words[index(USED)];
    }

    /** What no transaction and no roll-back may change: all but journal and data. The word of {@code used} has a half that is reserved. */
    static long[] rest(long[] words) {
        long[] rest = words.clone();
        Arrays.fill(rest, index(BEGIN + DATA), index(DATA_END), 0);
        Arrays.fill(rest, index(ENTRIES), index(SCHEMA), 0);
        rest[index(USED)] &= 0xffff_ffff_0000_0000L;
        return rest;
    }

    /** Without the entries that are not valid: two memories with the same of this are the same to whoever follows the rules. */
    static long[] meaning(long[] words) {
        long[] meaning = words.clone();
        int valid = Math.clamp(used(words), 0, CAPACITY);
        Arrays.fill(meaning, index(BEGIN + GuardedBlockLayout.entry(valid)), index(SCHEMA), 0);
        return meaning;
    }

    private static int index(long offset) {
        return (int) (offset / Long.BYTES);
    }
}
