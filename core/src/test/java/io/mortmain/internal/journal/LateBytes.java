package io.mortmain.internal.journal;

import io.mortmain.internal.words.SharedBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Memory whose stores may come late, as one holder uses it who is killed before a chosen step. Each store and each fence is a step. The
 * holder sees its own stores at once. What it leaves when it is killed is any set of its stores such that
 *
 * <ul>
 *   <li>with a release store, all that stand before it are there;
 *   <li>with a store behind a fence, all that stand before the fence are there.
 * </ul>
 *
 * <p>That is what a compiler may make of the code, and more than any processor does of it. Stores to the same word stay in order.
 */
public final class LateBytes extends SharedBytes {
    public static final int NEVER = Integer.MAX_VALUE;

    /** With so many stores that may be there or not, every set of them is tried; with more, some. */
    private static final int EVERY_SET = 10;

    private static final int SAMPLES = 60;

    /** What the killed holder's code ends with. Not an exception that the journal could know. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed by the test", null, false, false);
        }
    }

    /**
     * What is in memory after a death.
     *
     * @param words all of it
     * @param committed the last transaction of the dead holder whose commit is there; 0 if none is
     */
    public record Left(long[] words, int committed) {}

    /** Bits of one word, and the transaction whose commit this is, or 0. */
    private record Store(int word, long mask, long bits, boolean release, int commits) {
        void to(long[] words) {
            words[word] = (words[word] & ~mask) | bits;
        }
    }

    private final long usedOffset;
    private final int killAt;
    /** What is there whatever happens: stores before the last fence. */
    private final long[] arrived;
    /** What the holder sees. */
    private final long[] own;

    private final List<Store> late = new ArrayList<>();
    private int steps;
    private int transaction;
    private int committed;

    /**
     * A holder's view.
     *
     * @param words what it finds
     * @param usedOffset of the word whose store of 0 is a commit
     * @param killAt the step before which it is killed, or {@link #NEVER}
     */
    public LateBytes(long[] words, long usedOffset, int killAt) {
        this.arrived = words.clone();
        this.own = words.clone();
        this.usedOffset = usedOffset;
        this.killAt = killAt;
    }

    /** The holder's transaction whose stores follow, from 1; 0 while it undoes. */
    public void begin(int number) {
        transaction = number;
    }

    /** Stores and fences until now. */
    public int steps() {
        return steps;
    }

    /** What the holder leaves when it is not killed: everything. */
    public Left whole() {
        arrive();
        return new Left(arrived.clone(), committed);
    }

    /** What may be left after the death: the sets that have the last store; the others were left by a death before. */
    public List<Left> left(Random random) {
        List<Left> all = new ArrayList<>();
        int last = late.size() - 1;
        if (last < 0) {
            all.add(left(new BitSet()));
        } else if (last <= EVERY_SET) {
            for (long set = 1L << last; set < 2L << last; set++) {
                BitSet withLast = BitSet.valueOf(new long[] {set});
                if (closed(withLast).equals(withLast)) {
                    all.add(left(withLast));
                }
            }
        } else {
            for (int i = 0; i < SAMPLES; i++) {
                all.add(left(closed(any(last, random))));
            }
            BitSet none = new BitSet();
            none.set(last);
            all.add(left(closed(none)));
            BitSet each = new BitSet();
            each.set(0, last + 1);
            all.add(left(each));
        }
        return all;
    }

    /** Any of the stores before the last one, and that one. */
    private static BitSet any(int last, Random random) {
        long[] bits = new long[last / Long.SIZE + 1];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = random.nextLong();
        }
        BitSet set = BitSet.valueOf(bits);
        set.clear(last, bits.length * Long.SIZE);
        set.set(last);
        return set;
    }

    /** The set, and all that a release store in it brings along. */
    private BitSet closed(BitSet set) {
        for (int i = set.previousSetBit(late.size()); i >= 0; i = set.previousSetBit(i - 1)) {
            if (late.get(i).release) {
                BitSet closed = (BitSet) set.clone();
                closed.set(0, i);
                return closed;
            }
        }
        return set;
    }

    private Left left(BitSet set) {
        long[] words = arrived.clone();
        int commits = committed;
        for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
            late.get(i).to(words);
            commits = Math.max(commits, late.get(i).commits);
        }
        return new Left(words, commits);
    }

    @Override
    public int getIntAcquire(long offset) {
        return (int) (own[word(offset, Integer.BYTES)] >>> shift(offset));
    }

    @Override
    public void putIntRelease(long offset, int value) {
        putInt(offset, value, true);
    }

    /** As no code that ships can: without an order. */
    void putIntPlain(long offset, int value) {
        putInt(offset, value, false);
    }

    private void putInt(long offset, int value, boolean release) {
        long mask = 0xffff_ffffL << shift(offset);
        long bits = Integer.toUnsignedLong(value) << shift(offset);
        int commits = offset == usedOffset && value == 0 ? transaction : 0;
        store(new Store(word(offset, Integer.BYTES), mask, bits, release, commits));
    }

    @Override
    public long getLong(long offset) {
        return own[word(offset, Long.BYTES)];
    }

    @Override
    public void putLong(long offset, long value) {
        store(new Store(word(offset, Long.BYTES), -1, value, false, 0));
    }

    @Override
    public void storeStoreFence() {
        step();
        arrive();
    }

    private void arrive() {
        for (Store store : late) {
            store.to(arrived);
            committed = Math.max(committed, store.commits);
        }
        late.clear();
        if (!Arrays.equals(arrived, own)) {
            throw new AssertionError("the memory of the test has lost a store");
        }
    }

    private void store(Store store) {
        step();
        late.add(store);
        store.to(own);
    }

    private void step() {
        if (steps == killAt) {
            throw new Killed();
        }
        steps++;
    }

    private int word(long offset, int size) {
        if (offset < 0 || offset % size != 0 || offset / Long.BYTES >= own.length) {
            throw new AssertionError("an access outside of the memory, or not aligned: " + offset);
        }
        return (int) (offset / Long.BYTES);
    }

    private static int shift(long offset) {
        return (int) (offset % Long.BYTES) * Byte.SIZE;
    }
}
