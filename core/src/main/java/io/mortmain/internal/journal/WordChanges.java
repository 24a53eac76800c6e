package io.mortmain.internal.journal;

import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.words.SharedBytes;

/**
 * Writes what was computed in private memory to an object's data, as one transaction of its {@link Journal}: all of it or nothing,
 * whoever dies. For the holder of the object's mutex, after {@link Journal#rollBack}. Only words that change are logged and stored; where
 * none does, nothing is stored at all. When it throws before the journal's commit, nothing was changed, or the next holder undoes it.
 */
public final class WordChanges {
    private final SharedBytes bytes;
    private final long block;
    private final Journal journal;
    private final String cure;

    /** As below, for objects whose makers give the journal's size. */
    public WordChanges(SharedBytes bytes, long block, Journal journal) {
        this(bytes, block, journal, "create it anew with a larger journal");
    }

    /**
     * Changes to the data that the journal is for.
     *
     * @param block where the block begins in the bytes
     * @param cure of a transaction that is too large, see {@link Journal#requireRoom}
     */
    public WordChanges(SharedBytes bytes, long block, Journal journal, String cure) {
        this.bytes = bytes;
        this.block = block;
        this.journal = journal;
        this.cure = cure;
    }

    /**
     * Replaces adjoining words.
     *
     * @param offset of the first word, from the block, a multiple of 8
     * @param before what the words have now
     * @param after what they are to have, as many
     * @return whether any of them differs
     * @throws TransactionTooLargeException if more of them differ than the journal has room for; nothing was changed
     */
    public boolean replace(long offset, long[] before, long[] after) {
        int changed = 0;
        for (int i = 0; i < after.length; i++) {
            changed += before[i] == after[i] ? 0 : 1;
        }
        if (changed == 0) {
            return false;
        }
        journal.requireRoom(changed, cure);
        int logged = 0;
        for (int i = 0; i < after.length; i++) {
            if (before[i] != after[i]) {
                journal.log(logged, offset + (long) i * Long.BYTES, before[i]);
                logged++;
            }
        }
        journal.publish(logged);
        for (int i = 0; i < after.length; i++) {
            if (before[i] != after[i]) {
                bytes.putLong(block + offset + (long) i * Long.BYTES, after[i]);
            }
        }
        journal.commit();
        return true;
    }

    /**
     * Writes words that lie anywhere in the data. Each is looked at once: whoever writes without the mutex cannot make the transaction store
     * to a word that was not logged.
     *
     * @param offsets of the words, from the block, multiples of 8; each once
     * @param values what they are to have
     * @param count how many of the two arrays
     * @return whether any of them differs
     * @throws TransactionTooLargeException if more of them differ than the journal has room for; nothing was changed
     */
    public boolean write(long[] offsets, long[] values, int count) {
        long[] old = new long[count];
        int changed = 0;
        for (int i = 0; i < count; i++) {
            old[i] = bytes.getLong(block + offsets[i]);
            changed += old[i] == values[i] ? 0 : 1;
        }
        if (changed == 0) {
            return false;
        }
        journal.requireRoom(changed, cure);
        int logged = 0;
        for (int i = 0; i < count; i++) {
            if (old[i] != values[i]) {
                journal.log(logged, offsets[i], old[i]);
                logged++;
            }
        }
        journal.publish(logged);
        for (int i = 0; i < count; i++) {
            if (old[i] != values[i]) {
                bytes.putLong(block + offsets[i], values[i]);
            }
        }
        journal.commit();
        return true;
    }
}
