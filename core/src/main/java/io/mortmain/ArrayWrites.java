package io.mortmain;

import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.journal.WordChanges;

/** Writes to an array's elements, each as one transaction; by whoever holds the mutexes of the elements. Each says whether anything changed. */
final class ArrayWrites {
    private static final String CURE = "create it anew with more elements per transaction";

    private final ArrayLock lock;
    private final GuardedBlock block;
    private final WordChanges changes;

    ArrayWrites(ArrayLock lock, GuardedBlock block) {
        this.lock = lock;
        this.block = block;
        this.changes = new WordChanges(block.bytes(), 0, block.journal(), CURE);
    }

    /** An element, which was loaded, becomes what it is to be. */
    boolean replace(int index, Workspace workspace) {
        if (workspace.isUnchanged()) {
            return false;
        }
        lock.beginWriting();
        return replaceAndEnd(index, workspace);
    }

    /** As {@link #replace}, after {@link ArrayLock#beginWriting}. */
    boolean replaceAndEnd(int index, Workspace workspace) {
        boolean changed = false;
        try {
            changed = changes.replace(block.offsetOf(index), workspace.before, workspace.after);
        } finally {
            lock.endWriting(changed);
        }
        return changed;
    }

    /** Words anywhere in the elements. */
    boolean write(long[] offsets, long[] values, int count) {
        boolean changed = false;
        lock.beginWriting();
        try {
            changed = changes.write(offsets, values, count);
        } finally {
            lock.endWriting(changed);
        }
        return changed;
    }

    /**
     * All elements become this, by the holder of all stripes, lost ones too. Nobody else has the journal's mutex then for longer than it takes to
     * find out that somebody died, as whoever commits holds a stripe.
     */
    boolean fill(long[] filling) {
        long changing = block.isLost() ? Long.MAX_VALUE : block.wordsOtherThan(filling);
        if (changing <= block.journal().capacity()) {
            return fillInOneTransaction(filling, (int) changing);
        }
        lock.beginWriting();
        try {
            block.fill(filling);
        } finally {
            lock.endWriting(true);
        }
        return true;
    }

    private boolean fillInOneTransaction(long[] filling, int changing) {
        long[] offsets = new long[changing];
        long[] values = new long[changing];
        int count = 0;
        long[] now = new long[filling.length];
        for (long element = 0; element < block.elements() && count < changing; element++) {
            block.load(element, now);
            for (int i = 0; i < filling.length && count < changing; i++) { // more may differ by now
                if (now[i] != filling[i]) {
                    offsets[count] = block.offsetOf(element) + (long) i * Long.BYTES;
                    values[count] = filling[i];
                    count++;
                }
            }
        }
        return count > 0 && write(offsets, values, count);
    }
}
