package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;
import io.mortmain.internal.linux.OwnMemory;

/**
 * Private native memory of one thread that takes locks, in pages that the kernel zeroes in a forked child: there the cached thread
 * number reads 0 and no lock can be taken in the parent's name.
 *
 * <pre>
 *   0         4         8                16               24                              64        128
 *   +---------+---------+----------------+----------------+-------------------------------+---------+
 *   | TID     | unused  | time-out:      | time-out:      | transfer: 2 iovec, 1 value    | unused  |
 *   |         |         | seconds        | nanoseconds    | (24 to 64)                    |         |
 *   +---------+---------+----------------+----------------+-------------------------------+---------+
 * </pre>
 */
public final class ThreadSlotLayout {
    public static final int THREAD_ID = 0;
    public static final int TIMEOUT_SECONDS = 8;
    public static final int TIMEOUT_NANOS = 16;
    /** Scratch memory of {@link OwnMemory}. */
    public static final int TRANSFER = 24;
    /** Two cache lines, so that neighbouring threads do not share one with the prefetcher's pair. */
    public static final int SIZE = 128;

    static {
        Layouts.require(TIMEOUT_NANOS == TIMEOUT_SECONDS + Long.BYTES, "struct timespec has no hole");
        Layouts.require(
                TRANSFER == TIMEOUT_NANOS + Long.BYTES && TRANSFER + OwnMemory.SCRATCH_SIZE <= SIZE,
                "the transfer area fits");
    }

    private ThreadSlotLayout() {}
}
