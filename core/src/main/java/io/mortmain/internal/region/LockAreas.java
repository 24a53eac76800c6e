package io.mortmain.internal.region;

import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The address ranges in which lock areas are mapped. A range once handed out stays readable and writable for the life of the process:
 * at close the file's pages are replaced in place by zeroed private ones, so that the file is not pinned and a stale mutex object finds
 * kind 0, which is never its own, instead of crashing the JVM.
 *
 * <p>Ranges are used again, the longest unused first, so that opening and closing for ever grows nothing; neighbouring private pages
 * merge into one mapping of the kernel. A stale mutex object whose range belongs to another region by then is stopped by its gate.
 */
final class LockAreas {
    private static final long CHUNK = 16L << 20;
    private static final Map<Long, Deque<Long>> FREE = new HashMap<>();
    private static long next;
    private static long end;

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

    /** The range can be used again. */
    static void release(long address, long size) {
        giveBack(address, size);
    }

    /** In place, without making the range available: the closer still has to look at the file's pages through another mapping. */
    static void replace(long address, long size) {
        AddressSpace.replaceByPrivate(address, size);
    }

    private static synchronized long take(long size) {
        Deque<Long> free = FREE.get(size);
        if (free != null && !free.isEmpty()) {
            return free.removeFirst();
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

    private static synchronized void giveBack(long range, long size) {
        FREE.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(range);
    }
}
