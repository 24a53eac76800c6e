package io.mortmain.internal.heap;

import io.mortmain.internal.journal.WordChanges;
import io.mortmain.internal.words.SharedBytes;
import java.util.Arrays;

/**
 * The words of a heap over which one transaction is laid: what it stores is kept in private memory, and seen by it alone, until all of it is
 * written at once.
 */
class StagedWords extends HeapWords {
    private static final int ROOM_AT_FIRST = 64;
    private static final int MOST_KEPT = 1 << 10;
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private final SharedBytes bytes;
    private final long data;
    private final WordChanges changes;

    /** What was stored: the first {@link #count} of each. Offsets are from the block. */
    private long[] offsets = new long[0];

    private long[] values = new long[0];
    private int count;
    /** Places in the two above, plus 1, by the offset's hash; 0 is none. A power of two, at most half full. */
    private int[] places = new int[0];
    /** Whether a change is under way, or one was left half done. */
    private boolean isHalfDone;

    /**
     * Nothing is stored as yet.
     *
     * @param bytes that have the block, from its beginning
     * @param data where the heap's data begin in them
     */
    StagedWords(SharedBytes bytes, long data, WordChanges changes) {
        this.bytes = bytes;
        this.data = data;
        this.changes = changes;
        makeRoom(ROOM_AT_FIRST);
    }

    @Override
    void beginChange() {
        requireWholeChanges();
        isHalfDone = true;
    }

    @Override
    void endChange() {
        isHalfDone = false;
    }

    private void requireWholeChanges() {
        if (isHalfDone) {
            throw new IllegalStateException("an error left a change of this transaction half done, and nothing of it"
                    + " can be kept; let errors end the transaction, and begin it anew");
        }
    }

    @Override
    long get(long offset) {
        int found = places[slotOf(data + offset)];
        return found == 0 ? original(offset) : values[found - 1];
    }

    @Override
    long original(long offset) {
        return bytes.getLong(data + offset);
    }

    @Override
    void put(long offset, long value) {
        int slot = slotOf(data + offset);
        if (places[slot] == 0) {
            if (count == offsets.length) {
                makeRoom(2 * count);
                slot = slotOf(data + offset);
            }
            offsets[count] = data + offset;
            count++;
            places[slot] = count;
        }
        values[places[slot] - 1] = value;
    }

    @Override
    void clear(long from, long to) {
        for (long at = from; at < to; at += Long.BYTES) {
            if (places[slotOf(data + at)] != 0) {
                put(at, 0);
            } else if (original(at) != 0) {
                store(at, 0);
            }
        }
    }

    /** At once, and not as a part of the transaction. */
    void store(long offset, long value) {
        bytes.putLong(data + offset, value);
    }

    /**
     * Writes all that was stored, as one transaction of the journal.
     *
     * @return whether anything has changed
     * @throws IllegalStateException where a change was left half done; nothing was changed
     */
    boolean commit() {
        requireWholeChanges();
        return changes.write(offsets, values, count);
    }

    /** Forgets what was stored. */
    void discard() {
        isHalfDone = false;
        if (count == 0) {
            return;
        }
        Arrays.fill(places, 0);
        count = 0;
        if (offsets.length > MOST_KEPT) {
            makeRoom(ROOM_AT_FIRST);
        }
    }

    private void makeRoom(int room) {
        long[] moreOffsets = Arrays.copyOf(offsets, room);
        long[] moreValues = Arrays.copyOf(values, room);
        int[] morePlaces = new int[2 * room];
        offsets = moreOffsets;
        values = moreValues;
        places = morePlaces;
        for (int i = 0; i < count; i++) {
            places[slotOf(offsets[i])] = i + 1;
        }
    }

    /** Where the place of the word stands, or is to stand. */
    private int slotOf(long offset) {
        int mask = places.length - 1;
        int slot = (int) ((offset * SPREAD) >>> Integer.SIZE) & mask;
        while (places[slot] != 0 && offsets[places[slot] - 1] != offset) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
