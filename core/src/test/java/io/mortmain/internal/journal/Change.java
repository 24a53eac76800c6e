package io.mortmain.internal.journal;

import io.mortmain.internal.words.SharedBytes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One transaction: what is added to which words, in order, and how it is written.
 *
 * @param additions also of 0, and to one word several times
 */
record Change(Style style, List<Addition> additions) {
    /** To a word of the data by its index. */
    record Addition(int word, long value) {
        @Override
        public String toString() {
            return word + (value == 0 ? "=" : "+" + value);
        }
    }

    /** How it is written. */
    enum Style {
        /** All words by what they were and what they are to be: what an update of a record does. */
        REPLACED,
        /** The words that are named: what a heap does. */
        SPARSE,
        /** Each word logged and then stored, as C programs write in place. */
        BIT_BY_BIT
    }

    /** The model: what it makes of the data. */
    long[] of(long[] data) {
        long[] after = data.clone();
        additions.forEach(addition -> after[addition.word] += addition.value);
        return after;
    }

    /** Writes it by the code that ships; bit by bit as a C program does. */
    void write(SharedBytes bytes, Journal journal) {
        switch (style) {
            case REPLACED -> {
                long[] before = new long[Block.WORDS];
                Arrays.setAll(before, i -> bytes.getLong(Block.BEGIN + Block.offset(i)));
                new WordChanges(bytes, Block.BEGIN, journal).replace(Block.DATA, before, of(before));
            }
            case SPARSE -> writeSparse(bytes, journal);
            case BIT_BY_BIT -> writeBitByBit(bytes, journal);
        }
    }

    private void writeSparse(SharedBytes bytes, Journal journal) {
        long[] data = new long[Block.WORDS];
        Arrays.setAll(data, i -> bytes.getLong(Block.BEGIN + Block.offset(i)));
        long[] after = of(data);
        int[] words = additions.stream().mapToInt(Addition::word).distinct().toArray();
        long[] offsets = Arrays.stream(words).mapToLong(Block::offset).toArray();
        long[] values = Arrays.stream(words).mapToLong(word -> after[word]).toArray();
        new WordChanges(bytes, Block.BEGIN, journal).write(offsets, values, words.length);
    }

    private void writeBitByBit(SharedBytes bytes, Journal journal) {
        for (int i = 0; i < additions.size(); i++) {
            Addition addition = additions.get(i);
            long offset = Block.offset(addition.word);
            long old = bytes.getLong(Block.BEGIN + offset);
            journal.log(i, offset, old);
            journal.publish(i + 1);
            bytes.putLong(Block.BEGIN + offset, old + addition.value);
        }
        journal.commit();
    }

    @Override
    public String toString() {
        return additions.stream().map(Addition::toString).collect(Collectors.joining(" ", style + " ", ""));
    }
}
