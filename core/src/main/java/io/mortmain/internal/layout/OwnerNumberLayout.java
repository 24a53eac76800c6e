package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * The number of a thread in a region for several PID namespaces, where the futex word of a mutex, and its owner field, have this in place
 * of the kernel's number.
 *
 * <pre>
 *   bit 29   bits 16-28                 bits 10-15      bits 0-9
 *   +-----+--------------------------+---------------+----------------+
 *   |  1  | thread of the process,   | generation of | record         |
 *   |     | 1 to 8191                | the record    |                |
 *   +-----+--------------------------+---------------+----------------+
 * </pre>
 *
 * <p>Bit 29 keeps such a number apart from every TID, of which there are at most 2^22, and from 0; bits 30 and 31 are the word's own
 * flags, and set in each of the owner field's special values.
 */
public final class OwnerNumberLayout {
    public static final int MOST_THREADS = 8_191;
    private static final int GENERATIONS = 64;

    private static final int MARK = 1 << 29;
    private static final int THREAD_SHIFT = 16;
    private static final int GENERATION_SHIFT = 10;
    private static final int LARGEST_TID = 1 << 22;

    static {
        Layouts.require(RegionGeometry.OWNER_RECORDS == 1 << GENERATION_SHIFT, "each record has an index");
        Layouts.require(
                GENERATIONS << GENERATION_SHIFT == 1 << THREAD_SHIFT, "the generation ends where the thread begins");
        Layouts.require((MOST_THREADS + 1) << THREAD_SHIFT == MARK, "the thread ends where the mark stands");
        Layouts.require(
                MARK > LARGEST_TID && 2 * MARK - 1 == GlibcMutexLayout.TID_MASK,
                "no TID, and within the word's part for one");
    }

    private OwnerNumberLayout() {}

    /**
     * The number of a thread.
     *
     * @param record 0 to 1,023
     * @param generation any; the rest of it by {@link #GENERATIONS} is kept
     * @param thread 1 to {@link #MOST_THREADS}
     */
    public static int of(int record, int generation, int thread) {
        assert record >= 0 && record < RegionGeometry.OWNER_RECORDS && thread >= 1 && thread <= MOST_THREADS;
        return MARK | thread << THREAD_SHIFT | (generation & (GENERATIONS - 1)) << GENERATION_SHIFT | record;
    }

    /** Whether {@link #of} can have made it; anything else in a word was stored by somebody hostile or gone astray. */
    public static boolean isOne(int number) {
        return (number & ~GlibcMutexLayout.TID_MASK) == 0 && (number & MARK) != 0 && thread(number) != 0;
    }

    /** Whether it is that of a thread of the process that has, or had, the record. */
    public static boolean isOfRecord(int number, int record) {
        return isOne(number) && record(number) == record;
    }

    /** Whether it was made when its record had been claimed so often. */
    public static boolean isOfGeneration(int number, int generation) {
        return generation(number) == (generation & (GENERATIONS - 1));
    }

    public static int record(int number) {
        return number & (RegionGeometry.OWNER_RECORDS - 1);
    }

    private static int generation(int number) {
        return number >>> GENERATION_SHIFT & (GENERATIONS - 1);
    }

    public static int thread(int number) {
        return number >>> THREAD_SHIFT & MOST_THREADS;
    }
}
