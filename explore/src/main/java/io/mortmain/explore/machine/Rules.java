package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.explore.machine.World.Allowance;
import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.GlibcMutexLayout;
import java.util.List;
import java.util.function.Supplier;

/**
 * Throws a {@link Violation} where a {@link Rule} of mutexes is broken; remembers in the world what the rules need to know. What is on the
 * threads' lists is looked at by {@link RobustLists}, and who must be woken by {@link WakeUps}.
 */
final class Rules {
    private static final int DIRECTORY_MUTEX = 0;

    private final List<Actor> actors;
    private final MemoryMap map;
    private final int mutexes;
    private final RobustLists lists;
    private final WakeUps wakeUps;
    private final Adversary.Next next;

    Rules(List<Actor> actors, MemoryMap map, int mutexes, RobustLists lists, WakeUps wakeUps, Adversary.Next next) {
        this.actors = actors;
        this.map = map;
        this.mutexes = mutexes;
        this.lists = lists;
        this.wakeUps = wakeUps;
        this.next = next;
    }

    static void require(boolean holds, Rule rule, String otherwise) {
        if (!holds) {
            throw new Violation(rule, otherwise);
        }
    }

    /** The same where it is asked at each step: the text is made only if it is needed. */
    static void require(boolean holds, Rule rule, Supplier<String> otherwise) {
        if (!holds) {
            throw new Violation(rule, otherwise.get());
        }
    }

    private String name(int thread) {
        return thread < 0 ? "nobody" : actors.get(thread).name();
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
                world.holder(mutex) == thread
                        && MemoryMap.fieldAt(address) != LOCK
                        && MemoryMap.fieldAt(address) != GlibcMutexLayout.KIND,
                Rule.OWN_WORDS_ONLY,
                () -> name(thread) + " stores to " + MemoryMap.name(address) + ", held by "
                        + name(world.holder(mutex)));
        if (MemoryMap.fieldAt(address) == OWNER) {
            beforeOwner(world, thread, mutex, value);
        }
    }

    /** The holder says in the owner field what state the data are in. */
    private void beforeOwner(World world, int thread, int mutex, int value) {
        if (value == OWNER_NOT_RECOVERABLE) {
            require(
                    world.leavesForEver(mutex),
                    Rule.NOT_RECOVERABLE,
                    name(thread) + " makes the mutex not recoverable, and meant to release it");
            world.setGivenUp(mutex, true);
        } else if (world.isGivenUp(mutex)) {
            require(
                    value == OWNER_INCONSISTENT,
                    Rule.NOT_RECOVERABLE,
                    name(thread) + " stores " + value + " as owner of a mutex that was given up");
            world.setGivenUp(mutex, false);
            world.setOwed(mutex, true);
        } else if (value == actors.get(thread).threadId() && owner(world, mutex) == OWNER_INCONSISTENT) {
            world.setOwed(mutex, false);
        }
    }

    /** The futex word was changed in one step. */
    void afterExchange(World world, int thread, int mutex, int old, int value) {
        int holder = world.holder(mutex);
        boolean changesHands = (old & TID_MASK) != (value & TID_MASK);
        boolean isMarkOfLeftOver = world.isLeftOver(mutex) && value == ((old & WAITERS) | OWNER_DIED);
        require(
                !changesHands || isMarkOfLeftOver || holder < 0 || holder == thread || !isAlive(world, holder),
                Rule.NO_ROBBERY,
                () -> name(thread) + " changes the word from " + word(old) + " to " + word(value) + " while "
                        + name(holder) + " holds the mutex and lives");
        require(
                !changesHands
                        || (value & TID_MASK) == 0
                        || (value & TID_MASK) == actors.get(thread).threadId(),
                Rule.OWN_WORDS_ONLY,
                () -> name(thread) + " puts the number of another into the word: " + word(value));
        world.setLeftOver(mutex, world.isLeftOver(mutex) && !changesHands);
        if ((value & TID_MASK) == 0) {
            require(
                    holder != thread || !world.leavesForEver(mutex) || world.isGivenUp(mutex),
                    Rule.NOT_RECOVERABLE,
                    name(thread) + " releases the mutex for ever, and the owner field does not say so");
            wakeUps.atFreed(world, thread, mutex, changesHands && ((old & WAITERS) != 0 || world.leavesForEver(mutex)));
            world.setLeavesForEver(mutex, false);
            world.setHolder(mutex, -1);
        } else if (changesHands) {
            wakeUps.atTaken(world, thread, mutex);
            world.setHolder(mutex, thread);
        }
    }

    static String word(int value) {
        return "0x" + Integer.toHexString(value);
    }

    static boolean isAlive(World world, int thread) {
        return world.isAlive(thread);
    }

    /** What it held is owed to the next one. */
    void atDeath(World world, int thread, boolean seen) {
        wakeUps.atDeath(world, thread, seen);
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.holder(mutex) == thread) {
                world.setOwed(mutex, true);
                world.setLeavesForEver(mutex, false);
                world.setBeyondWalk(mutex, lists.isBeyondWalk(world, thread, mutex));
            }
            if (world.inside(mutex) == thread) {
                world.setInside(mutex, -1);
            }
        }
    }

    /** The thread is gone, walked for or not: that its number is in a word is as after any death that nobody told of. */
    void atGone(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.holder(mutex) == thread) {
                world.setBeyondWalk(mutex, false);
                world.setLeftOver(mutex, false);
            }
        }
        wakeUps.atGone(world, thread);
    }

    /** Nobody lives, and whoever comes next must be told, whether somebody held it or not. */
    void atReboot(World world, int mutex) {
        world.setHolder(mutex, -1);
        world.setInside(mutex, -1);
        world.setTurn(mutex, -1);
        world.setOwed(mutex, !world.isGivenUp(mutex));
        world.setLeavesForEver(mutex, false);
        world.setLeftOver(mutex, false);
        wakeUps.atReboot(world, mutex);
    }

    /** What a program says of itself. */
    void observe(World world, int thread, Access access) {
        int mutex = MemoryMap.mutexAt(access.address());
        switch (access.kind()) {
            case LANDMARK -> {
                lists.checkWhole(world, thread);
                wakeUps.atLandmark(world, thread);
            }
            case ENTER -> enter(world, thread, mutex, access.first() != 0);
            case LEAVE -> {
                world.setInside(mutex, -1);
                world.setLeavesForEver(mutex, access.first() != Player.LEAVES);
                if (access.first() != Player.LEAVES) {
                    world.setOneWoken(mutex, access.first() == Player.LEAVES_FOR_EVER_WAKING_ONE);
                }
            }
            case REFUSED -> refuse(world, thread, mutex, Refusal.of(access.first()));
            default -> throw new AssertionError(access);
        }
    }

    private void refuse(World world, int thread, int mutex, Refusal why) {
        require(
                !why.isNotRecoverable() || world.wasEverGivenUp(mutex),
                Rule.NOT_RECOVERABLE,
                name(thread) + " is refused, and nobody gave the mutex up");
        world.setLeftOver(mutex, world.isLeftOver(mutex) || why == Refusal.NOT_RECOVERABLE_LEFT_OVER);
        if (why == Refusal.NOT_RECOVERABLE_UNWOKEN) {
            wakeUps.atRefused(world, thread, mutex);
        }
    }

    private void enter(World world, int thread, int mutex, boolean told) {
        require(
                world.inside(mutex) < 0,
                Rule.ONE_HOLDER,
                name(thread) + " comes in while " + name(world.inside(mutex)) + " is inside");
        require(!world.isGivenUp(mutex), Rule.NOT_RECOVERABLE, name(thread) + " gets it though it was given up");
        require(told || !world.isOwed(mutex), Rule.TOLD, name(thread) + " is told nothing");
        require(!told || world.isOwed(mutex), Rule.NOT_TOLD_FALSELY, name(thread) + " is told of a death");
        lists.checkWhole(world, thread);
        checkFieldsInside(world, thread, mutex, told);
        world.setInside(mutex, thread);
    }

    /** A death between a store of the owner and that of the users leaves their number wrong, as with glibc; nobody relies on it then. */
    private void checkFieldsInside(World world, int thread, int mutex, boolean told) {
        int count = field(world, mutex, GlibcMutexLayout.COUNT);
        int users = field(world, mutex, GlibcMutexLayout.USERS);
        require(
                count == 1 && (users == 1 || !isUndisturbed(world)),
                Rule.FIELDS_RIGHT,
                name(thread) + " has it, and count is " + count + ", users " + users);
        int owner = owner(world, mutex);
        require(
                owner == (told ? OWNER_INCONSISTENT : actors.get(thread).threadId()),
                Rule.FIELDS_RIGHT,
                name(thread) + " has it, and the owner field says " + word(owner));
    }

    private static boolean isUndisturbed(World world) {
        return world.used(Allowance.KILLS) == 0;
    }

    /** A thread is through: it holds nothing. */
    void checkThrough(World world, int thread) {
        lists.checkWhole(world, thread);
        for (int mutex = 0; mutex < mutexes; mutex++) {
            require(
                    world.holder(mutex) != thread || world.isLeftOver(mutex),
                    Rule.LEFT_CLEAN,
                    name(thread) + " is through, and its number is in the word of mutex " + mutex);
        }
    }

    /** Nobody can do anything any more. */
    void checkEnd(World world) {
        for (int thread = 0; thread < actors.size(); thread++) {
            if (world.status(thread) == Status.ASLEEP) {
                checkLastSleeper(world, thread, next.of(world, thread));
            }
        }
        for (int mutex = 0; mutex < mutexes; mutex++) {
            checkWordAtEnd(world, mutex);
        }
    }

    /**
     * One that sleeps without limit, as glibc does. Nobody helps one that waits alone for a holder whose death the kernel did not see, or that
     * waits behind one whom glibc refuses, or behind a number that glibc's trylock left over; a reset waits there too, until that thread is
     * gone.
     */
    private void checkLastSleeper(World world, int thread, Access sleep) {
        if (!MemoryMap.isLock(sleep.address())) {
            return; // a daemon without work
        }
        wakeUps.checkLastSleeper(world, thread, sleep.address());
        int mutex = MemoryMap.mutexAt(sleep.address());
        int holder = world.holder(mutex);
        require(
                holder < 0 || world.status(holder) == Status.GONE || world.isLeftOver(mutex),
                Rule.GETS_ON,
                name(thread) + " sleeps for ever before " + name(holder));
    }

    private void checkWordAtEnd(World world, int mutex) {
        int word = world.word(map.index(MemoryMap.mutex(mutex) + LOCK));
        int holder = world.holder(mutex);
        require(
                holder < 0 || !isAlive(world, holder) || world.isLeftOver(mutex),
                Rule.LEFT_CLEAN,
                name(holder) + " still has its number in the word " + word(word));
        if (!world.isOwed(mutex) && !world.isLeftOver(mutex)) {
            checkFieldsAtEnd(world, mutex);
        }
        if (world.isGivenUp(mutex)) {
            require(
                    owner(world, mutex) == OWNER_NOT_RECOVERABLE,
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

    private void checkFieldsAtEnd(World world, int mutex) {
        int owner = owner(world, mutex);
        int users = field(world, mutex, GlibcMutexLayout.USERS);
        require(
                (users == 0 || !isUndisturbed(world)) && owner == (world.isGivenUp(mutex) ? OWNER_NOT_RECOVERABLE : 0),
                Rule.FIELDS_RIGHT,
                "no death is to be told, nobody holds the mutex, and its owner field says " + word(owner) + ", users "
                        + users);
    }

    private int owner(World world, int mutex) {
        return field(world, mutex, OWNER);
    }

    private int field(World world, int mutex, int offset) {
        return world.word(map.index(MemoryMap.mutex(mutex) + offset));
    }
}
