package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;
import io.mortmain.internal.linux.OwnMemory;

/**
 * Private native memory of one thread that takes locks, in pages that the kernel zeroes in a forked child: there the cached thread
 * number reads 0 and no lock can be taken in the parent's name.
 *
 * <pre>
 *   0         4         8                16               24                              64        72          80               104       128
 *   +---------+---------+----------------+----------------+-------------------------------+---------+-----------+----------------+---------+
 *   | TID, or | unused  | time-out:      | time-out:      | transfer: 2 iovec, 1 value    | unused  | back link | list head that | unused  |
 *   | number  |         | seconds        | nanoseconds    | (24 to 64)                    |         | of head   | nobody walks   |         |
 *   +---------+---------+----------------+----------------+-------------------------------+---------+-----------+----------------+---------+
 * </pre>
 *
 * <p>Of the list head, see {@link RobustListLayout}: used by threads that lock in a region for several PID namespaces, of which the kernel
 * must not know.
 */
public final class ThreadSlotLayout {
    public static final int THREAD_ID = 0;
    public static final int TIMEOUT_SECONDS = 8;
    public static final int TIMEOUT_NANOS = 16;
    /** Scratch memory of {@link OwnMemory}. */
    public static final int TRANSFER = 24;
    /** In the second cache line, so that the number, which is read at each operation, does not share one with what is written. */
    public static final int PRIVATE_HEAD = 80;
    /** Two cache lines, so that neighbouring threads do not share one with the prefetcher's pair. */
    public static final int SIZE = 128;

    static {
        Layouts.require(TIMEOUT_NANOS == TIMEOUT_SECONDS + Long.BYTES, "struct timespec has no hole");
        Layouts.require(
                TRANSFER == TIMEOUT_NANOS + Long.BYTES && TRANSFER + OwnMemory.SCRATCH_SIZE <= SIZE,
                "the transfer area fits");
        Layouts.require(
                PRIVATE_HEAD + GlibcMutexLayout.NODE_TO_PREVIOUS >= TRANSFER + OwnMemory.SCRATCH_SIZE
                        && PRIVATE_HEAD + RobustListLayout.SIZE <= SIZE,
                "the list head and its back link fit");
    }

    private ThreadSlotLayout() {}
}
