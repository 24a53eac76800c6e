package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * One slot of a region's lock area: the mutex that C programs see, and behind it, in a cache line that the fast path never touches,
 * counters that only the holder writes, after it had to wait or was told of a death.
 *
 * <pre>
 *   0                                  48        64               72               80               88              128
 *   +----------------------------------+---------+----------------+----------------+----------------+----------------+
 *   | pthread_mutex_t (40 or 48 bytes) | unused  | contended      | deaths         | recoveries     | unused         |
 *   +----------------------------------+---------+----------------+----------------+----------------+----------------+
 * </pre>
 */
public final class MutexSlotLayout {
    public static final int MUTEX = 0;
    /** Acquisitions that found the mutex held, since the region was created; written by the new holder. */
    public static final int CONTENDED = 64;
    /** Acquirers that were told of a death. */
    public static final int DEATHS = 72;
    /** Times that the data was declared consistent after a death. */
    public static final int RECOVERIES = 80;

    public static final int SIZE = 128;

    static {
        Layouts.require(GlibcMutexLayout.SIZE <= CONTENDED, "the mutex ends before the counters");
        Layouts.require(RECOVERIES + Long.BYTES <= SIZE, "the counters fit");
        Layouts.require(SIZE % 64 == 0, "slots do not share cache lines");
    }

    private MutexSlotLayout() {}
}
