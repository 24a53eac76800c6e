package io.mortmain.explore.machine;

import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RobustListLayout;

/**
 * Which addresses the simulated machine has, and where their words stand in a {@link World}. Nothing else is mapped: an access to another
 * address would crash a real process, and is a violation here.
 *
 * <pre>
 *   0x10000   mutex 0   128 bytes each, 96 of them mapped
 *   0x10080   mutex 1 ...
 *   0x20010   head of the robust list of thread 0, 64 bytes apart; the word before it is glibc's back link
 *   0x30000   words of the programs' own, 4 bytes each
 *   0x40000   the directory of a region
 * </pre>
 */
public final class MemoryMap {
    private static final long MUTEXES = 0x1_0000;
    private static final long HEADS = 0x2_0000;
    private static final long OWN_WORDS = 0x3_0000;
    private static final long DIRECTORY = 0x4_0000;
    private static final long SIMULATED = 0x5_0000;
    private static final int OWN = 8;
    private static final int BEFORE_HEAD = 16;
    private static final int HEAD_DISTANCE = 64;
    static final int MUTEX_INTS = (MutexSlotLayout.RECOVERIES + Long.BYTES) / Integer.BYTES;
    private static final int ENTRY_INTS = DirectoryEntryLayout.SIZE / Integer.BYTES;
    private static final int HEAD_INTS = (BEFORE_HEAD + RobustListLayout.SIZE) / Integer.BYTES;

    private final int mutexes;
    private final int threads;
    private final int entries;

    MemoryMap(int mutexes, int threads, int entries) {
        this.mutexes = mutexes;
        this.threads = threads;
        this.entries = entries;
    }

    public static long mutex(int index) {
        return MUTEXES + (long) index * MutexSlotLayout.SIZE;
    }

    public static long head(int thread) {
        return HEADS + (long) thread * HEAD_DISTANCE + BEFORE_HEAD;
    }

    public static long ownWord(int index) {
        return OWN_WORDS + (long) index * Integer.BYTES;
    }

    /** Whether the address is the simulated machine's, mapped or not; no process has anything so low. */
    static boolean isSimulated(long address) {
        return address >= 0 && address < SIMULATED;
    }

    /** Where the directory begins. */
    public static long directory() {
        return DIRECTORY;
    }

    static boolean isInDirectory(long address) {
        return address >= DIRECTORY;
    }

    /** Offset from the start of a directory entry. */
    static int entryFieldAt(long address) {
        return (int) ((address - DIRECTORY) % DirectoryEntryLayout.SIZE);
    }

    /** Whether the address is in some mutex, and not in a list head. */
    public static boolean isInMutex(long address) {
        return address >= MUTEXES && address < HEADS;
    }

    /** The mutex that the address is in. */
    public static int mutexAt(long address) {
        return (int) ((address - MUTEXES) / MutexSlotLayout.SIZE);
    }

    /** Which field of a mutex, as {@link GlibcMutexLayout} has them. */
    public static int fieldAt(long address) {
        return (int) ((address - MUTEXES) % MutexSlotLayout.SIZE);
    }

    /** Whether it is one of a mutex's counters, by which nothing is decided. */
    static boolean isCounter(long address) {
        return isInMutex(address) && fieldAt(address) >= MutexSlotLayout.CONTENDED;
    }

    /** Whether it is a futex word of some mutex. */
    public static boolean isLock(long address) {
        return isInMutex(address) && fieldAt(address) == GlibcMutexLayout.LOCK;
    }

    /** Whether the address is in some list head, or in the word before it. */
    public static boolean isInHead(long address) {
        return address >= HEADS && address < OWN_WORDS;
    }

    static boolean isOwnWord(long address) {
        return address >= OWN_WORDS && address < DIRECTORY;
    }

    /** The thread whose list head it is in. */
    public static int threadAt(long address) {
        return (int) ((address - HEADS) / HEAD_DISTANCE);
    }

    /** Offset from the start of the list head; negative before it. */
    public static int headFieldAt(long address) {
        return (int) ((address - HEADS) % HEAD_DISTANCE) - BEFORE_HEAD;
    }

    int ints() {
        return mutexes * MUTEX_INTS + threads * HEAD_INTS + OWN + entries * ENTRY_INTS;
    }

    /** Where the word stands, or -1 where nothing is mapped. */
    int index(long address) {
        if (address % Integer.BYTES != 0) {
            return -1;
        }
        if (isInMutex(address)) {
            int field = fieldAt(address) / Integer.BYTES;
            return mutexAt(address) < mutexes && field < MUTEX_INTS ? mutexAt(address) * MUTEX_INTS + field : -1;
        }
        int heads = mutexes * MUTEX_INTS;
        if (isInHead(address)) {
            int field = (headFieldAt(address) + BEFORE_HEAD) / Integer.BYTES;
            return threadAt(address) < threads && field < HEAD_INTS
                    ? heads + threadAt(address) * HEAD_INTS + field
                    : -1;
        }
        int ownWords = heads + threads * HEAD_INTS;
        if (isInDirectory(address)) {
            long word = (address - DIRECTORY) / Integer.BYTES;
            return word < (long) entries * ENTRY_INTS ? ownWords + OWN + (int) word : -1;
        }
        long own = (address - OWN_WORDS) / Integer.BYTES;
        return own >= 0 && own < OWN ? ownWords + (int) own : -1;
    }

    boolean isMapped(long address, int bytes) {
        return address % bytes == 0 && index(address) >= 0 && index(address + bytes - Integer.BYTES) >= 0;
    }

    long getLong(World world, int index) {
        return Integer.toUnsignedLong(world.word(index)) | (long) world.word(index + 1) << Integer.SIZE;
    }

    void putLong(World world, int index, long value) {
        world.setWord(index, (int) value);
        world.setWord(index + 1, (int) (value >>> Integer.SIZE));
    }

    /** How a trace names the word. */
    public static String name(long address) {
        if (isInMutex(address)) {
            String field = switch (fieldAt(address)) {
                case GlibcMutexLayout.LOCK -> "word";
                case GlibcMutexLayout.COUNT -> "count";
                case GlibcMutexLayout.OWNER -> "owner";
                case GlibcMutexLayout.USERS -> "users";
                case GlibcMutexLayout.KIND -> "kind";
                case GlibcMutexLayout.PREVIOUS -> "previous";
                case GlibcMutexLayout.NODE -> "next";
                case MutexSlotLayout.CONTENDED -> "contended";
                case MutexSlotLayout.DEATHS -> "deaths";
                case MutexSlotLayout.RECOVERIES -> "recoveries";
                default -> "+" + fieldAt(address);
            };
            return "mutex " + mutexAt(address) + "." + field;
        }
        if (isInHead(address)) {
            String field = switch (headFieldAt(address)) {
                case RobustListLayout.FIRST -> "first";
                case RobustListLayout.FUTEX_OFFSET -> "futex offset";
                case RobustListLayout.PENDING -> "pending";
                default -> "back link";
            };
            return "list of thread " + threadAt(address) + "." + field;
        }
        if (isInDirectory(address)) {
            return "entry " + (address - DIRECTORY) / DirectoryEntryLayout.SIZE + "+" + entryFieldAt(address);
        }
        return address >= OWN_WORDS ? "word " + (address - OWN_WORDS) / Integer.BYTES : Long.toHexString(address);
    }

    /** How a trace names what a word of 8 bytes leads to. */
    static String target(long link) {
        if (link == 0) {
            return "0";
        }
        return isInMutex(link) && fieldAt(link) == GlibcMutexLayout.NODE
                ? "mutex " + mutexAt(link)
                : isInHead(link) && headFieldAt(link) == 0
                        ? "head of thread " + threadAt(link)
                        : Long.toHexString(link);
    }
}
