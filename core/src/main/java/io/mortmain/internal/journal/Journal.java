package io.mortmain.internal.journal;

import static io.mortmain.internal.layout.GuardedBlockLayout.ENTRY_OLD_VALUE;
import static io.mortmain.internal.layout.GuardedBlockLayout.ENTRY_WORD;
import static io.mortmain.internal.layout.GuardedBlockLayout.JOURNAL_USED;
import static io.mortmain.internal.layout.GuardedBlockLayout.MOST_ENTRIES;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.words.SharedBytes;

/**
 * The undo log of one object: whoever holds the object's mutex notes the old value of each word before it changes the word, so that the
 * next holder can undo what a dead one left half done. All methods are for the holder of that mutex.
 *
 * <pre>
 *   a transaction                               who acquires the mutex, told of a death or not
 *   1  entries: word, old value                 1  used = 0: nothing to do
 *   2  used := number of entries  (release)     2  every entry looked at, or DAMAGED
 *   3  fence                                    3  words := old values, newest entry to oldest
 *   4  words := new values                      4  used := 0  (release)
 *   5  used := 0                  (release)     5  fence
 *   6  fence
 * </pre>
 *
 * <p>Step 5 is the commit, one store: killed before it, the transaction never was; after it, it is complete. A transaction may also be
 * written bit by bit, steps 1 to 4 for some words and then for more, with {@code used} counting up, as C programs do in place. Who
 * dies while undoing is followed by one who undoes it all once more, to the same values.
 *
 * <p>Invariants:
 * <ol>
 *   <li>{@code used} is 0, or the number of entries that are valid, at most {@link #capacity}.
 *   <li>The word of a valid entry is a multiple of 8 and lies within the data.
 *   <li>A word of the data that is not as the last commit left it has a valid entry, and the oldest one for it has that value.
 *   <li>A valid entry does not change; only new ones are added behind it.
 *   <li>Nothing is stored but entries that are not valid, {@code used}, and, when undoing, words that are within the data.
 * </ol>
 */
/*
 * The order of stores, and why each thing stands where it does. The reader is another process, after this one was killed between any
 * two stores. It has acquired the mutex after the kernel, or the second witness, marked it.
 *
 * What a kill leaves. A thread that is killed is stopped at an instruction, as by any interrupt, which is precise: whatever stands before
 * it in the program was executed, nothing behind it. Stores that were executed may still wait in the processor's store buffer. Nobody can
 * take them back: they drain, and the kernel's own work at the end of the thread, which marks the mutex by an atomic operation, or stops
 * the thread for ever, is behind them. So, on one machine and without power loss (after a reboot the journal is not believed), the order
 * of instructions is all there is, and no fence of the processor is needed. But the order of instructions is not that of the program:
 * compilers move stores, merge them, and leave out those that are overwritten soon. Against them each of the orders below must be
 * said. On x86_64 both fences are then no instruction; elsewhere they are a cheap one, and make the argument independent of how a
 * death came about.
 *
 * Entries, then used. A release store keeps every earlier store before it, so a valid entry is a whole one (invariant 1, 2).
 *
 * Used, then the fence, then the words. Release holds back what stands before it, and nothing that stands behind: a compiler may move the
 * stores to the words, which are plain, above the release store of used, and so above the entries. The fence forbids that (invariant 3).
 * It cannot stand before the store of used: it is that store which the words must not overtake.
 *
 * Words, then used := 0. Again release: who sees the commit sees all the words. And one store of 4 aligned bytes: it is made or not.
 *
 * Used := 0, then the fence. Otherwise the plain stores to the entries of the next transaction under the same hold could be moved above
 * the commit of this one, and overwrite entries that are still valid (invariant 4). Between two holds the mutex's own atomic operations
 * would do; that a transaction is the only one of its hold is not for this class to know.
 *
 * Undoing. The words between are plain stores in any order; used is not 0 until the release store behind them, so whoever dies here is
 * followed by one who begins again and finds the same entries. For a word with several entries the oldest has the value of the last commit
 * (invariant 3), so it must be the last one stored: newest to oldest; stores to one and the same word stay in their order. It does not
 * matter what words hold when one begins: old values, new ones, or some of each.
 *
 * Why the entries are looked at twice. What is read from shared memory may be hostile, and change between two looks. The first round finds
 * damage before anything is stored, as long as nobody writes meanwhile, whom the mutex would have kept out; the second look, at a copy
 * in a local variable, is what guards the memory beyond the data. Room for a copy of all the entries would have to be allocated, and that
 * can fail, at a moment when nobody else can help.
 */
public final class Journal {
    private static final long WORD = Long.BYTES;

    private final SharedBytes bytes;
    private final long block;
    private final int capacity;
    private final long data;
    private final long dataEnd;
    private final String name;

    /**
     * The journal of an object. The numbers were checked when the object was opened, and are not read from the block again.
     *
     * @param bytes that have the block
     * @param block where it begins there, a multiple of 8
     * @param capacity entries that it has room for, 0 to {@link GuardedBlockLayout#MOST_ENTRIES}
     * @param data where the data begin, from the block, a multiple of 8 behind the journal
     * @param dataSize bytes, a multiple of 8
     * @param name of object and region, with which a sentence can begin
     */
    public Journal(SharedBytes bytes, long block, int capacity, long data, long dataSize, String name) {
        if (capacity < 0
                || capacity > MOST_ENTRIES
                || data < GuardedBlockLayout.schema(capacity)
                || dataSize < 0
                || dataSize > Long.MAX_VALUE - data
                || (block | data | dataSize) % WORD != 0) {
            throw new IllegalArgumentException(name + ": no journal of " + capacity + " entries can stand at " + block
                    + " for " + dataSize + " bytes of data at " + data);
        }
        this.bytes = bytes;
        this.block = block;
        this.capacity = capacity;
        this.data = data;
        this.dataEnd = data + dataSize;
        this.name = name;
    }

    /** Entries that it has room for: words that a transaction can change. */
    public int capacity() {
        return capacity;
    }

    /** Whether nothing is to be undone. */
    public boolean isEmpty() {
        return used() == 0;
    }

    private int used() {
        return bytes.getIntAcquire(block + JOURNAL_USED);
    }

    /**
     * Refuses a transaction that the journal has no room for, before anything is stored.
     *
     * @param words that it changes
     * @param cure what whoever has so large a transaction can do besides changing less at once, as a clause
     * @throws TransactionTooLargeException if they are more than {@link #capacity}
     */
    public void requireRoom(int words, String cure) {
        if (words > capacity) {
            throw new TransactionTooLargeException(name + " cannot be changed: the transaction changes " + words
                    + " words of 8 bytes, and its journal has room for " + capacity
                    + "; change less at once, or " + cure);
        }
    }

    /**
     * Notes the old value of a word. It is valid once {@link #publish} has counted it.
     *
     * @param index of the entry: not one that is valid already
     * @param offset of the word from the block, a multiple of 8 within the data
     * @param oldValue what the word has now
     */
    public void log(int index, long offset, long oldValue) {
        if (index < 0 || index >= capacity || !isInData(offset)) {
            throw new IllegalArgumentException(
                    name + ": entry " + index + " of its journal cannot have the word at " + offset);
        }
        long entry = block + GuardedBlockLayout.entry(index);
        bytes.putLong(entry + ENTRY_WORD, offset);
        bytes.putLong(entry + ENTRY_OLD_VALUE, oldValue);
    }

    /**
     * Makes the first entries valid. From its return on their words may be changed.
     *
     * @param count 1 to {@link #capacity}; all of them were logged
     */
    public void publish(int count) {
        if (count <= 0 || count > capacity) {
            throw new IllegalArgumentException(name + ": its journal cannot have " + count + " entries");
        }
        bytes.putIntRelease(block + JOURNAL_USED, count);
        bytes.storeStoreFence();
    }

    /** Makes what was stored to the words final, by one store. */
    public void commit() {
        bytes.putIntRelease(block + JOURNAL_USED, 0);
        bytes.storeStoreFence();
    }

    /**
     * Undoes what a predecessor left half done; where there is nothing, stores nothing. Every holder calls it before it reads the data,
     * also one that was not told of a death: a C program may have been told, and died or declared the data consistent without it.
     *
     * @return whether anything was undone
     * @throws RegionException if what the journal says cannot be; nothing was stored then, unless somebody writes to it meanwhile who does
     *     not hold the mutex
     */
    public boolean rollBack() {
        int used = used();
        if (used == 0) {
            return false;
        }
        requireValid(used);
        for (int index = used - 1; index >= 0; index--) {
            long word = wordOf(index);
            bytes.putLong(block + word, bytes.getLong(block + GuardedBlockLayout.entry(index) + ENTRY_OLD_VALUE));
        }
        commit();
        return true;
    }

    /**
     * That the journal can be followed: invariants 1 and 2. The others are about what came before.
     *
     * @throws RegionException if it cannot
     */
    public void checkInvariants() {
        requireValid(used());
    }

    private void requireValid(int used) {
        if (used < 0 || used > capacity) {
            throw damaged(used + " entries are used of " + capacity);
        }
        for (int index = 0; index < used; index++) {
            wordOf(index);
        }
    }

    /** The word of an entry, from the block; it is safe to store there. */
    private long wordOf(int index) {
        long offset = bytes.getLong(block + GuardedBlockLayout.entry(index) + ENTRY_WORD);
        if (!isInData(offset)) {
            throw damaged("entry " + index + " has the word at " + offset + ", and the data are at " + data + " to "
                    + dataEnd);
        }
        return offset;
    }

    private boolean isInData(long offset) {
        return offset >= data && offset < dataEnd && offset % WORD == 0;
    }

    private RegionException damaged(String what) {
        return new RegionException(
                Reason.DAMAGED, name + ": its journal is damaged (" + what + "); remove the region and create it anew");
    }
}
