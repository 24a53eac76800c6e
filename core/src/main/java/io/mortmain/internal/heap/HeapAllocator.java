package io.mortmain.internal.heap;

import static io.mortmain.internal.layout.HeapLayout.BLOCKS;
import static io.mortmain.internal.layout.HeapLayout.COMMITTED_END;
import static io.mortmain.internal.layout.HeapLayout.HEADER_SIZE;
import static io.mortmain.internal.layout.HeapLayout.ROOT;
import static io.mortmain.internal.layout.HeapLayout.STATE_ALLOCATED;
import static io.mortmain.internal.layout.HeapLayout.STATE_FREE;
import static io.mortmain.internal.layout.HeapLayout.TOP;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.HeapLayout;

/**
 * Gives blocks of a heap out and takes them back. A new block is the one of its class that was freed last, or else the bytes at the top. What
 * was once a block of one class stays one for ever: blocks are neither split nor merged.
 *
 * <p>Invariants, when no transaction is under way:
 * <ol>
 *   <li>The blocks begin at {@link HeapLayout#BLOCKS}, one behind the other without a hole, and end at the top.
 *   <li>The header of each says its handle, its class, and whether it is allocated or free.
 *   <li>Each free block is on the list of its class, once; no other block is on a list; each list ends with 0.
 *   <li>The root is 0 or an allocated block.
 *   <li>The top is not above the committed end, and the committed end not above the size; below it, all space is reserved.
 *   <li>What stands in a free block behind its link, and above the top, means nothing, and may be anything.
 * </ol>
 *
 * <p>Words that do not fit to that are met with a refusal, {@code DAMAGED}, and never followed out of the heap.
 */
/*
 * Everything goes through the transaction but two things. Space is reserved before the committed end moves: who dies between the two has
 * reserved what is reserved once more later. And a new block is zeroed at once, where it was free, or above the top, when the
 * transaction began: by invariant 6 nothing has to be undone. Where it was allocated then, and was freed in this transaction,
 * its contents have to come back if the transaction is thrown away, so there the zeroes are a part of it.
 *
 * What is refused is refused before the change begins, and the transaction can go on. An error in the middle of one, for want of
 * memory or stack, leaves it half staged, and nobody can know that the function does not catch it: such a transaction is never committed.
 */
final class HeapAllocator {
    /** Space is reserved in such steps, bytes. */
    static final long STEP = 1 << 16;

    private final HeapWords words;
    private final long size;
    private final Space space;
    private final String name;
    /** Top and committed end in this transaction. Read once: one who writes without the mutex must not lead out of the heap by them. */
    private long top;

    private long committedEnd;

    /**
     * For the heap with these words.
     *
     * @param size bytes of its data, from 0
     * @param name with which a sentence can begin
     */
    HeapAllocator(HeapWords words, long size, Space space, String name) {
        this.words = words;
        this.size = size;
        this.space = space;
        this.name = name;
    }

    /** Makes it a heap without blocks, whatever stood there. */
    void clear() {
        space.reserve(0, firstEnd(size)); // it is, but after a reboot nothing is certain
        words.put(COMMITTED_END, firstEnd(size));
        words.put(TOP, BLOCKS);
        words.put(ROOT, 0);
        for (int sizeClass = 0; sizeClass < HeapLayout.CLASSES; sizeClass++) {
            words.put(HeapLayout.freeList(sizeClass), 0);
        }
    }

    /** The committed end of a new heap. */
    static long firstEnd(long size) {
        return Math.min(STEP, size);
    }

    /** Begins a transaction. Refuses the heap where its own words are out of range: invariant 5. */
    void requireSound() {
        top = words.get(TOP);
        committedEnd = words.get(COMMITTED_END);
        if (top < BLOCKS || top > committedEnd || committedEnd > size || (top | committedEnd) % Long.BYTES != 0) {
            throw damaged("its top is " + top + " and its committed end " + committedEnd + " of " + size);
        }
    }

    long root() {
        long root = words.get(ROOT);
        if (root != 0) {
            requireAllocated(root);
        }
        return root;
    }

    void setRoot(long handle) {
        if (handle != 0) {
            requireAllocated(handle);
        }
        words.beginChange();
        words.put(ROOT, handle);
        words.endChange();
    }

    /** A new block of so many bytes or more, all zero. */
    long allocate(long bytes) {
        if (bytes < 0) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT, name + " has no blocks of " + bytes + " bytes; give 0 or more");
        }
        if (bytes > size) {
            throw full(bytes, size - top);
        }
        int sizeClass = SizeClasses.of(bytes);
        long free = words.get(HeapLayout.freeList(sizeClass));
        if (free != 0) {
            requireFree(free, sizeClass);
        } else {
            requireRoom(bytes, sizeClass);
        }
        words.beginChange();
        long handle = free != 0 ? takeFree(free, sizeClass) : takeTop(sizeClass);
        boolean isNobodys = handle > words.original(TOP)
                || words.original(handle - HEADER_SIZE) == HeapLayout.header(handle, STATE_FREE, sizeClass);
        words.put(handle - HEADER_SIZE, HeapLayout.header(handle, STATE_ALLOCATED, sizeClass));
        zero(handle, handle + SizeClasses.size(sizeClass), isNobodys);
        words.endChange();
        return handle;
    }

    private void requireFree(long handle, int sizeClass) {
        if (!isBlock(handle)
                || words.get(handle - HEADER_SIZE) != HeapLayout.header(handle, STATE_FREE, sizeClass)
                || !fits(handle, sizeClass)) {
            throw damaged("the list of class " + sizeClass + " leads to " + handle + ", which is no free block of it");
        }
    }

    private long takeFree(long handle, int sizeClass) {
        words.put(HeapLayout.freeList(sizeClass), words.get(handle));
        return handle;
    }

    /** Reserves what a new block at the top needs. */
    private void requireRoom(long bytes, int sizeClass) {
        long needed = HEADER_SIZE + SizeClasses.size(sizeClass);
        if (needed > size - top) {
            throw full(bytes, size - top);
        }
        if (top + needed > committedEnd) {
            space.reserve(committedEnd, endOfStep(top + needed));
        }
    }

    private long takeTop(int sizeClass) {
        long handle = top + HEADER_SIZE;
        top = handle + SizeClasses.size(sizeClass);
        if (top > committedEnd) {
            committedEnd = endOfStep(top);
            words.put(COMMITTED_END, committedEnd);
        }
        words.put(TOP, top);
        return handle;
    }

    private long endOfStep(long at) {
        return Math.min((at + STEP - 1) & -STEP, size);
    }

    private void zero(long handle, long end, boolean isNobodys) {
        words.put(handle, 0); // the link of a free block: without it, the others behind it were lost if this is undone
        if (isNobodys) {
            words.clear(handle + Long.BYTES, end);
            return;
        }
        for (long at = handle + Long.BYTES; at < end; at += Long.BYTES) {
            if (words.get(at) != 0) {
                words.put(at, 0);
            }
        }
    }

    void free(long handle) {
        int sizeClass = requireAllocated(handle);
        if (handle == words.get(ROOT)) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    name + ": block " + handle + " is the root and cannot be freed; make another one the root before");
        }
        words.beginChange();
        words.put(handle - HEADER_SIZE, HeapLayout.header(handle, STATE_FREE, sizeClass));
        words.put(handle, words.get(HeapLayout.freeList(sizeClass)));
        words.put(HeapLayout.freeList(sizeClass), handle);
        words.endChange();
    }

    /** Bytes of an allocated block: as many as were asked for, or somewhat more. */
    long sizeOf(long handle) {
        return SizeClasses.size(requireAllocated(handle));
    }

    /** Its class. */
    private int requireAllocated(long handle) {
        long header = isBlock(handle) ? words.get(handle - HEADER_SIZE) : 0;
        int sizeClass = sizeClassOf(header);
        if (header == HeapLayout.header(handle, STATE_ALLOCATED, sizeClass) && fits(handle, sizeClass)) {
            return sizeClass;
        }
        boolean wasFreed = handle != 0 && header == HeapLayout.header(handle, STATE_FREE, sizeClass);
        throw new RegionException(
                Reason.INVALID_ARGUMENT,
                name + " has no block " + handle
                        + (wasFreed
                                ? ": it was freed; use no handle after its block was freed"
                                : "; use handles that this heap gave"));
    }

    /** Whether a block's contents could begin there. */
    private boolean isBlock(long handle) {
        return handle >= BLOCKS + HEADER_SIZE && handle < top && handle % Long.BYTES == 0;
    }

    private boolean fits(long handle, int sizeClass) {
        return sizeClass < HeapLayout.CLASSES && SizeClasses.size(sizeClass) <= top - handle;
    }

    private static int sizeClassOf(long header) {
        return (int) header & (1 << HeapLayout.HEADER_STATE_SHIFT) - 1;
    }

    private RegionException full(long bytes, long left) {
        return new RegionException(
                Reason.LIMIT_REACHED,
                name + " has no room for a block of " + bytes + " bytes: " + left + " of its " + size
                        + " bytes were never used, and no block of that size was freed; free some, or create it with a larger size");
    }

    private RegionException damaged(String what) {
        return new RegionException(
                Reason.DAMAGED, name + " is damaged (" + what + "); clear it, or remove its region and create it anew");
    }
}
