package io.mortmain.explore.machine;

import java.util.Arrays;

/**
 * One state of the simulated machine: its memory and files, where each thread stands, and what the rules need to remember beside. Equal states have
 * equal cells.
 *
 * <pre>
 *   memory, files | history of each thread | status of each thread | of each mutex: holder, who is inside, debts, turn | used up
 * </pre>
 *
 * <p>Invariants, of a state in which no rule is broken:
 * <ol>
 *   <li>Whoever is between lock and unlock is the mutex's holder, and lives.
 *   <li>A holder has begun; it may be dead, and its number may be in the word still.
 *   <li>Only a living holder is about to release a mutex for ever.
 *   <li>Only a thread that is there carries a wake-up along, dying ones included.
 *   <li>A mutex that is given up has ever been.
 *   <li>Of a dying holder only, the kernel's walk ends before a mutex.
 *   <li>A number is left over of a thread that is not gone, in the word of a mutex that is given up.
 *   <li>Of a thread that is through, or gone, nothing is kept of where it stood, so that states which differ in that only are one.
 * </ol>
 */
@SuppressWarnings("EnumOrdinal") // a cell lives no longer than the program
final class World {
    /** Of a thread. */
    enum Status {
        NOT_BEGUN,
        RUNNING,
        ASLEEP,
        ENDED,
        /** Killed; the kernel walks its list. */
        DYING,
        GONE
    }

    /** What is limited in one exploration. */
    enum Allowance {
        KILLS,
        TIME_OUTS,
        INTERRUPTS,
        /** Time-outs when nobody could do anything else. */
        IDLE_SLICES,
        REBOOTS
    }

    private static final int OWED = 1;
    private static final int GIVEN_UP = 2;
    private static final int EVER_GIVEN_UP = 4;
    private static final int LEAVES_FOR_EVER = 8;
    private static final int WAKE_UP_LOST = 16;
    private static final int WAKE_UP_FORGOTTEN = 32;
    private static final int ONE_WOKEN = 64;
    private static final int BEYOND_WALK = 128;
    private static final int LEFT_OVER = 256;
    /** Of the first thread; of the others the bits above. */
    private static final int CARRIES_WAKE_UP = 1 << 10;
    /** The same. */
    private static final int PASSED_OVER = 1 << 16;

    private static final Status[] STATUSES = Status.values();

    private final int[] cells;
    private final int threads;
    private final int mutexes;
    private final int memory;

    World(int memory, int threads, int mutexes) {
        this(new int[memory + 2 * threads + 4 * mutexes + Allowance.values().length], memory, threads, mutexes);
    }

    private World(int[] cells, int memory, int threads, int mutexes) {
        this.cells = cells;
        this.memory = memory;
        this.threads = threads;
        this.mutexes = mutexes;
    }

    World copy() {
        return new World(cells.clone(), memory, threads, mutexes);
    }

    /** 64 bits that differ for different states, but for one pair in 2^64. */
    long fingerprint() {
        long hash = 0x9e37_79b9_7f4a_7c15L;
        for (int i = 0; i < cells.length; i += 2) {
            long two = i + 1 < cells.length
                    ? Integer.toUnsignedLong(cells[i]) | (long) cells[i + 1] << Integer.SIZE
                    : cells[i];
            hash = (hash ^ two) * 0xff51_afd7_ed55_8ccdL;
            hash ^= hash >>> 32;
        }
        hash *= 0xc4ce_b9fe_1a85_ec53L;
        return hash ^ (hash >>> 29);
    }

    /** The same of memory and files, and who lives, alone. */
    long fingerprintOfMemory() {
        long hash = 0;
        for (int i = 0; i < memory; i++) {
            hash = (hash ^ cells[i]) * 0xff51_afd7_ed55_8ccdL;
            hash ^= hash >>> 32;
        }
        for (int thread = 0; thread < threads; thread++) {
            hash = (hash ^ cells[memory + threads + thread]) * 0xc4ce_b9fe_1a85_ec53L;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    int word(int index) {
        return cells[index];
    }

    void setWord(int index, int value) {
        cells[index] = value;
    }

    int history(int thread) {
        return cells[memory + thread];
    }

    void setHistory(int thread, int id) {
        cells[memory + thread] = id;
    }

    Status status(int thread) {
        return STATUSES[cells[memory + threads + thread]];
    }

    void setStatus(int thread, Status status) {
        cells[memory + threads + thread] = status.ordinal();
    }

    /** The thread whose compare-and-set put its number into the word, or -1; it may be dead. */
    int holder(int mutex) {
        return cells[ofMutex(mutex)] - 1;
    }

    void setHolder(int mutex, int thread) {
        cells[ofMutex(mutex)] = thread + 1;
    }

    /** The thread between lock and unlock, or -1. */
    int inside(int mutex) {
        return cells[ofMutex(mutex) + 1] - 1;
    }

    void setInside(int mutex, int thread) {
        cells[ofMutex(mutex) + 1] = thread + 1;
    }

    /** Whether a holder died, and nobody has declared the data consistent since. */
    boolean isOwed(int mutex) {
        return (cells[ofMutex(mutex) + 2] & OWED) != 0;
    }

    void setOwed(int mutex, boolean owed) {
        cells[ofMutex(mutex) + 2] = (cells[ofMutex(mutex) + 2] & ~OWED) | (owed ? OWED : 0);
    }

    /** Whether a holder has made it not recoverable. */
    boolean isGivenUp(int mutex) {
        return (cells[ofMutex(mutex) + 2] & GIVEN_UP) != 0;
    }

    boolean wasEverGivenUp(int mutex) {
        return (cells[ofMutex(mutex) + 2] & EVER_GIVEN_UP) != 0;
    }

    void setGivenUp(int mutex, boolean givenUp) {
        int flags = cells[ofMutex(mutex) + 2] & ~GIVEN_UP;
        cells[ofMutex(mutex) + 2] = givenUp ? flags | GIVEN_UP | EVER_GIVEN_UP : flags;
    }

    /** Whether its holder has said that it releases it for ever, and has not yet. */
    boolean leavesForEver(int mutex) {
        return (cells[ofMutex(mutex) + 2] & LEAVES_FOR_EVER) != 0;
    }

    void setLeavesForEver(int mutex, boolean leaves) {
        cells[ofMutex(mutex) + 2] = (cells[ofMutex(mutex) + 2] & ~LEAVES_FOR_EVER) | (leaves ? LEAVES_FOR_EVER : 0);
    }

    /** Whether the thread owes somebody a wake-up, or came to one that was meant for whoever is next. */
    boolean carriesWakeUp(int thread, int mutex) {
        return (cells[ofMutex(mutex) + 2] & (CARRIES_WAKE_UP << thread)) != 0;
    }

    void setCarriesWakeUp(int thread, int mutex, boolean carries) {
        int flags = cells[ofMutex(mutex) + 2] & ~(CARRIES_WAKE_UP << thread);
        cells[ofMutex(mutex) + 2] = carries ? flags | (CARRIES_WAKE_UP << thread) : flags;
    }

    /** Whether the thread sleeps, and glibc's refusal has forgotten to wake it. */
    boolean isPassedOver(int thread, int mutex) {
        return (cells[ofMutex(mutex) + 2] & (PASSED_OVER << thread)) != 0;
    }

    void setPassedOver(int thread, int mutex, boolean passedOver) {
        int flags = cells[ofMutex(mutex) + 2] & ~(PASSED_OVER << thread);
        cells[ofMutex(mutex) + 2] = passedOver ? flags | (PASSED_OVER << thread) : flags;
    }

    /** Whether a kill has taken a wake-up along, and no slice has passed since. */
    boolean isWakeUpLost(int mutex) {
        return (cells[ofMutex(mutex) + 2] & WAKE_UP_LOST) != 0;
    }

    void loseWakeUp(int mutex) {
        cells[ofMutex(mutex) + 2] |= WAKE_UP_LOST;
    }

    /** Nobody who sleeps is without the wake-up that should come. */
    void clearLostWakeUps(int mutex) {
        cells[ofMutex(mutex) + 2] &= ~(WAKE_UP_LOST | WAKE_UP_FORGOTTEN);
    }

    /** A slice has passed: the library's waiters look again, those of glibc do not. */
    void afterSlice(int mutex) {
        if (isWakeUpLost(mutex)) {
            cells[ofMutex(mutex) + 2] = (cells[ofMutex(mutex) + 2] & ~WAKE_UP_LOST) | WAKE_UP_FORGOTTEN;
        }
    }

    /** Whether a wake-up went missing for those who sleep without limit: by glibc's refusal, or by a kill. */
    boolean isWakeUpForgotten(int mutex) {
        return (cells[ofMutex(mutex) + 2] & WAKE_UP_FORGOTTEN) != 0;
    }

    void forgetWakeUp(int mutex) {
        cells[ofMutex(mutex) + 2] |= WAKE_UP_FORGOTTEN;
    }

    /** Whether who gave it up woke one of those who wait, as glibc does, and not all. */
    boolean isOneWoken(int mutex) {
        return (cells[ofMutex(mutex) + 2] & ONE_WOKEN) != 0;
    }

    void setOneWoken(int mutex, boolean one) {
        cells[ofMutex(mutex) + 2] = (cells[ofMutex(mutex) + 2] & ~ONE_WOKEN) | (one ? ONE_WOKEN : 0);
    }

    /** Whether the kernel's walk for its holder, who was killed and is not gone yet, ends before it. */
    boolean isBeyondWalk(int mutex) {
        return (cells[ofMutex(mutex) + 2] & BEYOND_WALK) != 0;
    }

    void setBeyondWalk(int mutex, boolean beyond) {
        cells[ofMutex(mutex) + 2] = (cells[ofMutex(mutex) + 2] & ~BEYOND_WALK) | (beyond ? BEYOND_WALK : 0);
    }

    /** Whether its holder, alive or dying, was refused and left its number in the word, as glibc's trylock does. */
    boolean isLeftOver(int mutex) {
        return (cells[ofMutex(mutex) + 2] & LEFT_OVER) != 0;
    }

    void setLeftOver(int mutex, boolean leftOver) {
        cells[ofMutex(mutex) + 2] = (cells[ofMutex(mutex) + 2] & ~LEFT_OVER) | (leftOver ? LEFT_OVER : 0);
    }

    /** The thread whose process has the turn to mark, or -1. */
    int turn(int mutex) {
        return cells[ofMutex(mutex) + 3] - 1;
    }

    void setTurn(int mutex, int thread) {
        cells[ofMutex(mutex) + 3] = thread + 1;
    }

    private int ofMutex(int mutex) {
        return memory + 2 * threads + 4 * mutex;
    }

    int used(Allowance allowance) {
        return cells[memory + 2 * threads + 4 * mutexes + allowance.ordinal()];
    }

    void use(Allowance allowance) {
        cells[memory + 2 * threads + 4 * mutexes + allowance.ordinal()]++;
    }

    /** Throws unless the invariants of the class hold. */
    void checkInvariants() {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            int holder = holder(mutex);
            int inside = inside(mutex);
            require(inside < 0 || (inside == holder && isAlive(inside)), "who is inside holds it, and lives");
            require(holder < 0 || status(holder) != Status.NOT_BEGUN, "a holder has begun");
            require(!leavesForEver(mutex) || (holder >= 0 && isAlive(holder)), "a living holder leaves for ever");
            require(
                    !isBeyondWalk(mutex) || (holder >= 0 && status(holder) == Status.DYING),
                    "a walk ends before what a dying one holds");
            require(
                    !isLeftOver(mutex) || (holder >= 0 && isThere(holder) && isGivenUp(mutex)),
                    "a number is left over of one that is there");
            require(!isGivenUp(mutex) || wasEverGivenUp(mutex), "what is given up has ever been");
            for (int thread = 0; thread < threads; thread++) {
                require(!carriesWakeUp(thread, mutex) || isThere(thread), "who carries a wake-up is there");
            }
        }
        for (int thread = 0; thread < threads; thread++) {
            boolean isOver = status(thread) == Status.ENDED || status(thread) == Status.GONE;
            require(!isOver || history(thread) == 0, "nothing is kept of where one stood that is through");
        }
    }

    /** Whether it has begun and was not killed. */
    boolean isAlive(int thread) {
        Status status = status(thread);
        return status == Status.RUNNING || status == Status.ASLEEP || status == Status.ENDED;
    }

    private boolean isThere(int thread) {
        return isAlive(thread) || status(thread) == Status.DYING;
    }

    private static void require(boolean holds, String invariant) {
        if (!holds) {
            throw new AssertionError("World breaks its invariant: " + invariant);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof World world && Arrays.equals(cells, world.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }
}
