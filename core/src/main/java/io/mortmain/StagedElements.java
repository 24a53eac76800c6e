package io.mortmain;

import io.mortmain.internal.guarded.GuardedBlock;
import java.util.Arrays;

/** Private copies of some elements of an array: as they are, and as one transaction is to make them. Of whoever holds their mutexes. */
final class StagedElements {
    private final GuardedBlock block;
    private final int[] indexes;
    private final int words;
    private final long[] before;
    private final long[] after;

    /**
     * Loads them.
     *
     * @param indexes ascending, each once
     * @param words of an element
     */
    StagedElements(GuardedBlock block, int[] indexes, int words) {
        this.block = block;
        this.indexes = indexes;
        this.words = words;
        this.before = new long[Math.multiplyExact(indexes.length, words)];
        long[] element = new long[words];
        for (int i = 0; i < indexes.length; i++) {
            block.load(indexes[i], element);
            System.arraycopy(element, 0, before, i * words, words);
        }
        this.after = before.clone();
    }

    /** In ascending order, each once. */
    static int[] eachOnce(int[] indexes) {
        int[] sorted = indexes.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (distinct == 0 || sorted[i] != sorted[distinct - 1]) {
                sorted[distinct] = sorted[i];
                distinct++;
            }
        }
        return distinct == sorted.length ? sorted : Arrays.copyOf(sorted, distinct);
    }

    /**
     * The number of the element's first word here.
     *
     * @throws IndexOutOfBoundsException where it is none of these elements
     */
    int positionOf(int index, Object array) {
        int position = Arrays.binarySearch(indexes, index);
        if (position < 0) {
            throw new IndexOutOfBoundsException("element " + index + " of " + array
                    + " is none of those that the transaction named: " + Arrays.toString(indexes));
        }
        return position * words;
    }

    /** With what was made of it so far. */
    void copyTo(long[] element, int position) {
        System.arraycopy(after, position, element, 0, words);
    }

    void copyFrom(long[] element, int position) {
        System.arraycopy(element, 0, after, position, words);
    }

    /** In one transaction; says whether anything changed. */
    boolean write(ArrayWrites writes) {
        long[] offsets = new long[after.length];
        long[] values = new long[after.length];
        int count = 0;
        for (int i = 0; i < after.length; i++) {
            if (before[i] != after[i]) {
                offsets[count] = block.offsetOf(indexes[i / words]) + (long) (i % words) * Long.BYTES;
                values[count] = after[i];
                count++;
            }
        }
        return count > 0 && writes.write(offsets, values, count);
    }
}
