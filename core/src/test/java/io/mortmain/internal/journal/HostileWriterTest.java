package io.mortmain.internal.journal;

import static io.mortmain.internal.layout.GuardedBlockLayout.ENTRY_WORD;
import static io.mortmain.internal.layout.GuardedBlockLayout.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.words.SharedBytes;
import io.mortmain.testing.Seed;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Somebody writes to the data without the mutex, between any two accesses of a transaction. That one may be wrong then, but it stores to no
 * word without a valid entry for it, and outgrows no journal: what it does can be undone, and memory beyond is safe.
 */
class HostileWriterTest {
    private static final int TRIES = 20_000;
    /** Few, so that words become what the transaction makes of them, and become something else again. */
    private static final int VALUES = 3;

    /** The memory of the transaction, in which the other one writes before each access. */
    private static final class Contested extends SharedBytes {
        private final LateBytes memory = new LateBytes(Block.born(), Block.USED, LateBytes.NEVER);
        private final Random random;
        private int storesToData;

        Contested(Random random) {
            this.random = random;
        }

        private void scribble() {
            memory.putLong(Block.BEGIN + Block.offset(random.nextInt(Block.WORDS)), random.nextInt(VALUES));
        }

        @Override
        public long getLong(long offset) {
            scribble();
            return memory.getLong(offset);
        }

        @Override
        public void putLong(long offset, long value) {
            if (Block.isData(offset)) {
                assertThat(isLogged(offset - Block.BEGIN))
                        .as("whether what is stored at %s can be undone", offset)
                        .isTrue();
                storesToData++;
            } else {
                assertThat(Block.isEntry(offset)).as("stored at %s", offset).isTrue();
            }
            scribble();
            memory.putLong(offset, value);
        }

        private boolean isLogged(long word) {
            return IntStream.range(0, memory.getIntAcquire(Block.USED))
                    .anyMatch(index -> memory.getLong(Block.BEGIN + entry(index) + ENTRY_WORD) == word);
        }

        @Override
        public int getIntAcquire(long offset) {
            scribble();
            return memory.getIntAcquire(offset);
        }

        @Override
        public void putIntRelease(long offset, int value) {
            scribble();
            memory.putIntRelease(offset, value);
        }

        @Override
        public void storeStoreFence() {
            memory.storeStoreFence();
        }
    }

    /** One of the two ways to write: all words of the data, to these values. */
    private interface Way {
        boolean write(WordChanges changes, SharedBytes bytes, long[] values);
    }

    @Test
    void shouldStoreToNoWordThatWasNotLoggedWhenItWritesSomeWords() {
        long[] offsets =
                IntStream.range(0, Block.WORDS).mapToLong(Block::offset).toArray();
        meet((changes, bytes, values) -> changes.write(offsets, values, offsets.length));
    }

    @Test
    void shouldStoreToNoWordThatWasNotLoggedWhenItReplacesThemAll() {
        meet((changes, bytes, values) -> {
            long[] before = new long[Block.WORDS];
            Arrays.setAll(before, word -> bytes.getLong(Block.BEGIN + Block.offset(word)));
            return changes.replace(Block.DATA, before, values);
        });
    }

    private static void meet(Way way) {
        long seed = Seed.of("hostile writers");
        Random random = new Random(seed);
        int written = 0;
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            Contested bytes = new Contested(random);
            int capacity = 1 + random.nextInt(Block.CAPACITY);
            Journal journal =
                    new Journal(bytes, Block.BEGIN, capacity, Block.DATA, Block.DATA_SIZE, "seed " + seed + ", " + i);
            long[] values = random.longs(Block.WORDS, 0, VALUES).toArray();
            Arrays.setAll(values, word -> random.nextBoolean() ? 100 + word : values[word]); // mostly what it has
            try {
                boolean differs = way.write(new WordChanges(bytes, Block.BEGIN, journal), bytes, values);
                assertThat(bytes.storesToData > 0).isEqualTo(differs);
                written += differs ? 1 : 0;
            } catch (TransactionTooLargeException tooLarge) {
                assertThat(bytes.storesToData).isZero();
                refused++;
            }
            long[] left = bytes.memory.whole().words();
            assertThat(Block.used(left)).isZero();
            assertThat(Block.rest(left)).isEqualTo(Block.rest(Block.born()));
        }
        assertThat(written).isGreaterThan(TRIES / 10);
        assertThat(refused).isGreaterThan(TRIES / 10);
    }
}
