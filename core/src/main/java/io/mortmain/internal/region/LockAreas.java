package io.mortmain.internal.region;

import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.lock.Latecomers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The address ranges in which lock areas are mapped. A range once handed out stays readable and writable for the life of the process:
 * at close the file's pages are replaced in place by zeroed private ones, so that the file is not pinned and a stale mutex object finds
 * kind 0, which is never its own, instead of crashing the JVM.
 *
 * <p>Ranges are used again, the longest unused first, so that opening and closing for ever grows nothing; neighbouring private pages
 * merge into one mapping of the kernel. A stale mutex object whose range belongs to another region by then is stopped by its gate. A thread
 * that has passed the gate already, and stands before its compare-and-set, may come to another region's word: with the kernel's number of
 * it, it does no harm there. With a number of an owner record it would, since that may be another process's in the other region: a range where
 * such {@link Latecomers} are possible is put aside until they are gone, which is looked for when there is no other range.
 */
final class LockAreas {
    private static final long CHUNK = 16L << 20;
    private static final Map<Long, Deque<Long>> FREE = new HashMap<>();
    private static final List<PutAside> PUT_ASIDE = new ArrayList<>();
    private static long next;
    private static long end;

    private record PutAside(long address, long size, Latecomers latecomers) {}

    private LockAreas() {}

    /** Maps {@code size} bytes of the file at {@code offset}; the address. */
    static long map(OpenFile file, long offset, long size) {
        long range = take(size);
        boolean mapped = false;
        try {
            AddressSpace.mapSharedAt(range, file.descriptor(), offset, size, file.path());
            mapped = true;
            return range;
        } finally {
            if (!mapped) {
                giveBack(range, size);
            }
        }
    }

    /** The range can be used again, as soon as the latecomers are gone. */
    static synchronized void release(long address, long size, Latecomers latecomers) {
        if (latecomers == Latecomers.NONE) {
            giveBack(address, size);
        } else {
            PUT_ASIDE.add(new PutAside(address, size, latecomers));
        }
    }

    /** In place, without making the range available: the closer still has to look at the file's pages through another mapping. */
    static void replace(long address, long size) {
        AddressSpace.replaceByPrivate(address, size);
    }

    private static synchronized long take(long size) {
        Deque<Long> free = FREE.computeIfAbsent(size, _ -> new ArrayDeque<>());
        if (!free.isEmpty()) {
            return free.removeFirst();
        }
        long found = takePutAside(size, Collections.emptySet());
        if (found == 0 && PUT_ASIDE.stream().anyMatch(aside -> aside.size == size)) {
            found = takePutAside(size, Latecomers.threadsElsewhere()); // stops all threads for a moment
        }
        if (found != 0) {
            return found;
        }
        if (end - next < size) {
            long chunk = Math.max(CHUNK, size);
            next = AddressSpace.reserve(chunk);
            end = next + chunk;
        }
        long range = next;
        next += size;
        return range;
    }

    /** The longest put aside whose latecomers are gone, or 0. */
    private static long takePutAside(long size, Set<Thread> elsewhere) {
        for (PutAside aside : PUT_ASIDE) {
            if (aside.size == size && aside.latecomers.areGone(elsewhere)) {
                PUT_ASIDE.remove(aside);
                return aside.address;
            }
        }
        return 0;
    }

    private static synchronized void giveBack(long range, long size) {
        FREE.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(range);
    }
}
