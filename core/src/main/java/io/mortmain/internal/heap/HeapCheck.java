package io.mortmain.internal.heap;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.HeapLayout;
import java.util.HashMap;
import java.util.Map;

/** Looks at a whole heap for the invariants of {@link HeapAllocator}, in memory that grows with the number of its free blocks. */
final class HeapCheck {
    private final HeapWords words;
    private final String name;
    /** Free blocks that were met on no list as yet, each with its class. */
    private final Map<Long, Integer> unlisted = new HashMap<>();

    private long allocated;

    HeapCheck(HeapWords words, String name) {
        this.words = words;
        this.name = name;
    }

    /**
     * Looks at everything.
     *
     * @return how many blocks are allocated
     * @throws RegionException reason {@code DAMAGED} with the first invariant that does not hold
     */
    long run() {
        boolean rootFound = words.get(HeapLayout.ROOT) == 0;
        long top = words.get(HeapLayout.TOP);
        long at = HeapLayout.BLOCKS;
        while (at < top) {
            long handle = at + HeapLayout.HEADER_SIZE;
            long header = words.get(at); // once: it says where the next block is
            int sizeClass = (int) header & (1 << HeapLayout.HEADER_STATE_SHIFT) - 1;
            rootFound |= visit(handle, header, sizeClass) && handle == words.get(HeapLayout.ROOT);
            require(
                    sizeClass < HeapLayout.CLASSES && SizeClasses.size(sizeClass) <= top - handle,
                    1,
                    "block " + handle + " of class " + sizeClass + " ends above the top " + top);
            at = handle + SizeClasses.size(sizeClass);
        }
        require(at == top, 1, "a block ends at " + at + " and the top is " + top);
        for (int sizeClass = 0; sizeClass < HeapLayout.CLASSES; sizeClass++) {
            follow(sizeClass);
        }
        require(unlisted.isEmpty(), 3, "free blocks on no list: " + unlisted.size());
        require(rootFound, 4, "the root " + words.get(HeapLayout.ROOT) + " is no allocated block");
        return allocated;
    }

    /** Whether the block is allocated. */
    private boolean visit(long handle, long header, int sizeClass) {
        boolean isAllocated = header == HeapLayout.header(handle, HeapLayout.STATE_ALLOCATED, sizeClass);
        boolean isFree = header == HeapLayout.header(handle, HeapLayout.STATE_FREE, sizeClass);
        require(isAllocated || isFree, 2, "block " + handle + " has the header " + Long.toHexString(header));
        if (isFree) {
            unlisted.put(handle, sizeClass);
        } else {
            allocated++;
        }
        return isAllocated;
    }

    /** Each block that is met is taken out: so a circle ends where it closes. */
    private void follow(int sizeClass) {
        for (long handle = words.get(HeapLayout.freeList(sizeClass)); handle != 0; handle = words.get(handle)) {
            Integer found = unlisted.remove(handle);
            require(
                    found != null && found == sizeClass,
                    3,
                    "the list of class " + sizeClass + " leads to " + handle
                            + ", which is no free block of it, or was met before");
        }
    }

    private void require(boolean holds, int invariant, String what) {
        if (!holds) {
            throw new RegionException(
                    Reason.DAMAGED,
                    name + " is damaged (invariant " + invariant + ": " + what
                            + "); clear it, or remove its region and create it anew");
        }
    }
}
