package io.mortmain.internal.heap;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.GuardedBlock.Shape;
import io.mortmain.internal.journal.MortalMemory;
import io.mortmain.internal.journal.MortalMemory.Left;
import io.mortmain.internal.journal.WordChanges;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.internal.words.SharedBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A small heap in an array, of which one holder has a view, and the file's space, which nobody takes back. Stores where there is no space
 * are errors; and so is a change of what is neither journal nor data.
 */
final class HeapMemory {
    static final int JOURNAL = 64;
    private static final long SIZE = 5_120;
    private static final Shape SHAPE = Heap.shape(SIZE, JOURNAL);
    private static final long WORDS_SIZE = SHAPE.size();
    private static final long DATA = new Shape(SHAPE.schema(), 0, JOURNAL).size();
    static final long DATA_SIZE = WORDS_SIZE - DATA;
    /** The committed end of a new one: the rest is a growth step. */
    private static final long FIRST_END = HeapLayout.BLOCKS + 400;

    /** Makes the words of a heap over what a transaction stores; a mutant makes others. */
    interface Maker {
        StagedWords words(SharedBytes bytes, long data, WordChanges changes);
    }

    /**
     * What is there between two holders.
     *
     * @param words the memory
     * @param reserved the end of the file's space, from the data
     */
    record State(long[] words, long reserved) {
        static State born() {
            MortalMemory memory = new MortalMemory(
                    new long[(int) (WORDS_SIZE / Long.BYTES)], GuardedBlockLayout.JOURNAL_USED, MortalMemory.NEVER);
            Heap.initialise(memory.bytes(), SHAPE);
            memory.bytes().putLong(DATA + HeapLayout.COMMITTED_END, FIRST_END);
            return new State(memory.whole().words(), FIRST_END);
        }

        boolean hasJournal() {
            return (int) words[GuardedBlockLayout.JOURNAL_USED / Long.BYTES] != 0;
        }

        /** All that must never change. */
        long[] rest() {
            long[] rest = words.clone();
            Arrays.fill(rest, (int) (DATA / Long.BYTES), rest.length, 0);
            Arrays.fill(
                    rest,
                    GuardedBlockLayout.JOURNAL / Long.BYTES,
                    (int) (GuardedBlockLayout.schema(JOURNAL) / Long.BYTES),
                    0);
            rest[GuardedBlockLayout.JOURNAL_USED / Long.BYTES] = 0;
            return rest;
        }
    }

    private static final long[] REST = State.born().rest();

    private final MortalMemory memory;
    private final GuardedBlock block;
    private final Heap heap;
    private long reserved;

    HeapMemory(State found, Maker maker, int killAt) {
        reserved = found.reserved;
        memory = new MortalMemory(found.words, GuardedBlockLayout.JOURNAL_USED, killAt);
        SharedBytes bytes = new Guard();
        block = GuardedBlock.open(bytes, WORDS_SIZE, "heap \"data\" of a test");
        heap = new Heap(block, this::reserve, "heap \"data\" of a test", changes -> maker.words(bytes, DATA, changes));
    }

    private void reserve(long from, long to) {
        if (from > reserved || to > DATA_SIZE) {
            throw new AssertionError("reserved from " + from + " to " + to + ", and there is space up to " + reserved);
        }
        reserved = Math.max(reserved, to);
    }

    /** One hold: rolls back what is there, and runs a transaction; whether the holder was killed. */
    boolean isKilled(Consumer<Heap> transaction) {
        return MortalMemory.isKilled(() -> {
            rollBack();
            memory.setInTransaction(true);
            heap.begin();
            transaction.accept(heap);
            boolean unusedAnswer = heap.commit();
        });
    }

    /** One hold that rolls back only; whether the holder was killed. */
    boolean isKilledUndoing() {
        return MortalMemory.isKilled(this::rollBack);
    }

    private void rollBack() {
        memory.setInTransaction(false);
        boolean unusedAnswer = block.journal().rollBack();
    }

    int steps() {
        return memory.steps();
    }

    Heap heap() {
        return heap;
    }

    /** As somebody does who knows nothing of the heap's rules. */
    void storeData(long offset, long value) {
        memory.bytes().putLong(DATA + offset, value);
    }

    /**
     * What may be left after the death.
     *
     * @param before the model before the transaction
     * @param after the model after it
     */
    List<Found> left(Random random, HeapModel before, HeapModel after) {
        return memory.left(random).stream()
                .map(left -> found(left, before, after))
                .toList();
    }

    Found whole(HeapModel before, HeapModel after) {
        return found(memory.whole(), before, after);
    }

    private Found found(Left left, HeapModel before, HeapModel after) {
        return new Found(new State(left.words(), reserved), left.isCommitted() ? after : before);
    }

    /** What is there, and what it must mean. */
    record Found(State state, HeapModel model) {
        /** A holder who lives comes. */
        void verify(Maker maker) {
            HeapMemory heir = new HeapMemory(state, maker, MortalMemory.NEVER);
            try {
                if (heir.isKilledUndoing()) {
                    throw new AssertionError("killed without a reason");
                }
                model.verify(heir.heap);
            } catch (RegionException refused) {
                throw new AssertionError(refused.getMessage(), refused);
            }
            State after = heir.whole(model, model).state;
            if (!Arrays.equals(after.rest(), REST) || after.hasJournal()) {
                throw new AssertionError("something beside the data has changed, or the journal is not empty");
            }
            if (after.words[(int) ((DATA + HeapLayout.COMMITTED_END) / Long.BYTES)] > after.reserved) {
                throw new AssertionError("the committed end is where no space was reserved");
            }
        }
    }

    /** Lets nobody store where there is no space. */
    private final class Guard extends SharedBytes {
        @Override
        public int getIntAcquire(long offset) {
            return memory.bytes().getIntAcquire(offset);
        }

        @Override
        public void putIntRelease(long offset, int value) {
            memory.bytes().putIntRelease(offset, value);
        }

        @Override
        public long getLong(long offset) {
            require(offset);
            return memory.bytes().getLong(offset);
        }

        @Override
        public void putLong(long offset, long value) {
            require(offset);
            memory.bytes().putLong(offset, value);
        }

        private void require(long offset) {
            if (offset - DATA >= reserved) {
                throw new AssertionError("an access where no space is reserved: " + (offset - DATA));
            }
        }

        @Override
        public void storeStoreFence() {
            memory.bytes().storeStoreFence();
        }
    }
}
