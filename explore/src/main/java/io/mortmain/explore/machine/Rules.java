package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;

import io.mortmain.explore.machine.World.Allowance;
import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import java.util.List;
import java.util.function.IntFunction;

/** Throws a {@link Violation} where a {@link Rule} is broken; remembers in the world what the rules need to know. */
final class Rules {
    private static final int DIRECTORY_MUTEX = 0;

    private final List<Actor> actors;
    private final MemoryMap map;
    private final int mutexes;
    private final boolean listsAreSeen;

    /** @param listsAreSeen whether some thread looks at the lists of others */
    Rules(List<Actor> actors, MemoryMap map, int mutexes, boolean listsAreSeen) {
        this.listsAreSeen = listsAreSeen;
        this.actors = actors;
        this.map = map;
        this.mutexes = mutexes;
    }

    static void require(boolean holds, Rule rule, String otherwise) {
        if (!holds) {
            throw new Violation(rule, otherwise);
        }
    }

    private String name(int thread) {
        return thread < 0 ? "nobody" : actors.get(thread).name();
    }

    /** Whether nobody else touches the word. Of a mutex, the futex word and the owner are everybody's, the rest is its holder's. */
    boolean isPrivate(World world, int thread, long address) {
        if (MemoryMap.isInHead(address)) {
            require(
                    MemoryMap.threadAt(address) == thread,
                    Rule.OWN_WORDS_ONLY,
                    name(thread) + " touches the " + MemoryMap.name(address));
            return !listsAreSeen;
        }
        if (MemoryMap.isInDirectory(address)) {
            return isPrivateEntry(world, thread, address);
        }
        if (!MemoryMap.isInMutex(address)) {
            return false;
        }
        int field = MemoryMap.fieldAt(address);
        return field == GlibcMutexLayout.KIND
                || (field != LOCK
                        && field != OWNER
                        && (field != NODE || !listsAreSeen)
                        && world.holder(MemoryMap.mutexAt(address)) == thread);
    }

    /** Of an entry, what is beside its state: written before it is published, and by the directory's holder; read afterwards. */
    private boolean isPrivateEntry(World world, int thread, long address) {
        int field = MemoryMap.entryFieldAt(address);
        if (field < Long.BYTES) {
            return false;
        }
        int state = world.word(map.index(address - field));
        require(
                state == DirectoryEntryLayout.STATE_PUBLISHED || world.holder(DIRECTORY_MUTEX) == thread,
                Rule.OWN_WORDS_ONLY,
                name(thread) + " touches " + MemoryMap.name(address) + ", which is not published, without the mutex");
        return true;
    }

    /** Whether it is the owner field of a mutex that the thread, one of the library, does not hold. */
    boolean isAskedForRefusalOnly(World world, int thread, long address) {
        return MemoryMap.isInMutex(address)
                && MemoryMap.fieldAt(address) == OWNER
                && world.holder(MemoryMap.mutexAt(address)) != thread;
    }

    /** A plain store: only to what is the thread's own. */
    void beforeStore(World world, int thread, long address, int value) {
        if (MemoryMap.isInDirectory(address)) {
            int state = world.word(map.index(address - MemoryMap.entryFieldAt(address)));
            require(
                    state == DirectoryEntryLayout.STATE_FREE && world.holder(DIRECTORY_MUTEX) == thread,
                    Rule.OWN_WORDS_ONLY,
                    name(thread) + " stores to " + MemoryMap.name(address)
                            + ", which is published, or not this thread's to write");
            return;
        }
        if (MemoryMap.isInHead(address) || !MemoryMap.isInMutex(address)) {
            return; // whose head it is was looked at already
        }
        int mutex = MemoryMap.mutexAt(address);
        require(
                world.holder(mutex) == thread && MemoryMap.fieldAt(address) != LOCK,
                Rule.OWN_WORDS_ONLY,
                name(thread) + " stores to " + MemoryMap.name(address) + ", held by " + name(world.holder(mutex)));
        if (MemoryMap.fieldAt(address) != OWNER) {
            return;
        }
        if (value == OWNER_NOT_RECOVERABLE) {
            world.setGivenUp(mutex, true);
        } else if (value == actors.get(thread).threadId() && owner(world, mutex) == OWNER_INCONSISTENT) {
            world.setOwed(mutex, false);
            world.setGivenUp(mutex, false);
        }
    }

    /** The futex word was changed in one step. */
    void afterExchange(World world, int thread, int mutex, int old, int value) {
        int holder = world.holder(mutex);
        boolean changesHands = (old & TID_MASK) != (value & TID_MASK);
        require(
                !changesHands || holder < 0 || holder == thread || !isAlive(world, holder),
                Rule.NO_ROBBERY,
                name(thread) + " changes the word from " + word(old) + " to " + word(value) + " while " + name(holder)
                        + " holds the mutex and lives");
        if ((value & TID_MASK) == 0) {
            world.setHolder(mutex, -1);
        } else if (changesHands) {
            world.setHolder(mutex, thread);
        }
    }

    static String word(int value) {
        return "0x" + Integer.toHexString(value);
    }

    private static boolean isAlive(World world, int thread) {
        Status status = world.status(thread);
        return status == Status.RUNNING || status == Status.ASLEEP || status == Status.ENDED;
    }

    void atDeath(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.holder(mutex) == thread) {
                world.setOwed(mutex, true);
            }
            if (world.inside(mutex) == thread) {
                world.setInside(mutex, -1);
            }
        }
    }

    /** Nobody lives, and whoever comes next must be told, whether somebody held it or not. */
    void atReboot(World world, int mutex) {
        world.setHolder(mutex, -1);
        world.setInside(mutex, -1);
        world.setTurn(mutex, -1);
        world.setOwed(mutex, !world.isGivenUp(mutex));
    }

    /** What a program says of itself. */
    void observe(World world, int thread, Access access) {
        int mutex = MemoryMap.mutexAt(access.address());
        switch (access.kind()) {
            case LANDMARK -> {}
            case ENTER -> enter(world, thread, mutex, access.first() != 0);
            case LEAVE -> world.setInside(mutex, -1);
            case REFUSED ->
                require(
                        access.first() != Refusal.NOT_RECOVERABLE.number() || world.wasEverGivenUp(mutex),
                        Rule.NOT_RECOVERABLE,
                        name(thread) + " is refused, and nobody gave the mutex up");
            default -> throw new AssertionError(access);
        }
    }

    private void enter(World world, int thread, int mutex, boolean told) {
        require(
                world.inside(mutex) < 0,
                Rule.ONE_HOLDER,
                name(thread) + " comes in while " + name(world.inside(mutex)) + " is inside");
        boolean reset = world.isGivenUp(mutex);
        require(
                !reset || owner(world, mutex) == OWNER_INCONSISTENT,
                Rule.NOT_RECOVERABLE,
                name(thread) + " gets it though it was given up");
        require(told || !world.isOwed(mutex), Rule.TOLD, name(thread) + " is told nothing");
        require(!told || world.isOwed(mutex) || reset, Rule.NOT_TOLD_FALSELY, name(thread) + " is told of a death");
        world.setInside(mutex, thread);
    }

    /** After every step. */
    void check(World world) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            int holder = world.holder(mutex);
            if (holder >= 0 && isAlive(world, holder)) {
                require(
                        isFound(world, holder, mutex),
                        Rule.REACHABLE,
                        name(holder) + " has its number in the word of mutex " + mutex
                                + ", but were it killed now, nobody would be told");
            }
        }
    }

    /** Whether the thread's list or its pending word leads to the mutex. */
    boolean isFound(World world, int thread, int mutex) {
        return isPending(world, thread, mutex) || isListed(world, thread, mutex);
    }

    private boolean isPending(World world, int thread, int mutex) {
        return getLong(world, MemoryMap.head(thread) + RobustListLayout.PENDING) == MemoryMap.mutex(mutex) + NODE;
    }

    /** Whether the thread's list leads to the mutex. */
    boolean isListed(World world, int thread, int mutex) {
        long head = MemoryMap.head(thread);
        long at = getLong(world, head + RobustListLayout.FIRST);
        for (int limit = 0; limit <= mutexes && at != head && map.isMapped(at, Long.BYTES); limit++) {
            if (at == MemoryMap.mutex(mutex) + NODE) {
                return true;
            }
            at = getLong(world, at);
        }
        return false;
    }

    /** A thread is through: it holds nothing. */
    void checkThrough(World world, int thread) {
        long head = MemoryMap.head(thread);
        boolean empty = getLong(world, head + RobustListLayout.FIRST) == head
                && getLong(world, head + GlibcMutexLayout.NODE_TO_PREVIOUS) == head
                && getLong(world, head + RobustListLayout.PENDING) == 0;
        require(empty, Rule.LIST_WHOLE, name(thread) + " is through, and its list or pending word is not empty");
        for (int mutex = 0; mutex < mutexes; mutex++) {
            require(
                    world.holder(mutex) != thread,
                    Rule.LEFT_CLEAN,
                    name(thread) + " is through, and its number is in the word of mutex " + mutex);
        }
    }

    /** Its time is over, and nobody else could do anything. */
    void checkIdleSleeper(World world, int thread, Access sleep) {
        if (MemoryMap.isLock(sleep.address()) && world.used(Allowance.KILLS) == 0) {
            requireWoken(world, thread, sleep.address());
        }
    }

    private void requireWoken(World world, int thread, long address) {
        int word = world.word(map.index(address));
        require(
                (word & TID_MASK) != 0,
                Rule.WOKEN,
                name(thread) + " sleeps, the word is " + word(word) + ", and nobody will wake it");
    }

    /** Nobody can do anything any more. */
    void checkEnd(World world, IntFunction<Access> next) {
        for (int thread = 0; thread < actors.size(); thread++) {
            if (world.status(thread) == Status.ASLEEP) {
                checkLastSleeper(world, thread, next.apply(thread));
            }
        }
        for (int mutex = 0; mutex < mutexes; mutex++) {
            checkWordAtEnd(world, mutex);
        }
    }

    /**
     * One that sleeps without limit, as glibc does. A kill may have taken its wake-up along: that of a thread which had freed the word, or
     * was woken in its place, when another took the mutex meanwhile. The kernel looks at the pending word, and sees it held. Nothing
     * helps a plain C waiter then but the next contended release; the library's waiters look again after a slice.
     */
    private void checkLastSleeper(World world, int thread, Access sleep) {
        if (!MemoryMap.isLock(sleep.address())) {
            return; // a daemon without work
        }
        if (world.used(Allowance.KILLS) == 0) {
            requireWoken(world, thread, sleep.address());
        }
        require(
                world.used(Allowance.KILLS) > 0,
                Rule.GETS_ON,
                name(thread) + " sleeps for ever before " + name(world.holder(MemoryMap.mutexAt(sleep.address()))));
    }

    private void checkWordAtEnd(World world, int mutex) {
        int word = world.word(map.index(MemoryMap.mutex(mutex) + LOCK));
        int holder = world.holder(mutex);
        require(
                holder < 0 || !isAlive(world, holder),
                Rule.LEFT_CLEAN,
                name(holder) + " still has its number in the word " + word(word));
        if (world.isGivenUp(mutex)) {
            require(
                    owner(world, mutex) == OWNER_NOT_RECOVERABLE || world.isOwed(mutex),
                    Rule.NOT_RECOVERABLE,
                    "the mutex was given up, and its owner field says " + word(owner(world, mutex)));
            return;
        }
        boolean says =
                (word & OWNER_DIED) != 0 || (word & TID_MASK) != 0; // a dead one's number that nobody has seen yet
        require(
                says == world.isOwed(mutex),
                Rule.LEFT_CLEAN,
                "a death is " + (world.isOwed(mutex) ? "" : "not ") + "to be told, and the word is " + word(word));
    }

    private int owner(World world, int mutex) {
        return world.word(map.index(MemoryMap.mutex(mutex) + OWNER));
    }

    private long getLong(World world, long address) {
        return map.getLong(world, map.index(address));
    }
}
