package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.explore.machine.World.Allowance;
import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.GlibcMutexLayout;
import java.util.List;
import java.util.function.Supplier;

/**
 * Throws a {@link Violation} where a {@link Rule} of mutexes is broken; remembers in the world what the rules need to know. What is on the
 * threads' lists is looked at by {@link RobustLists}.
 */
final class Rules {
    private static final int DIRECTORY_MUTEX = 0;

    private final List<Actor> actors;
    private final MemoryMap map;
    private final int mutexes;
    private final RobustLists lists;
    private final Adversary.Next next;

    Rules(List<Actor> actors, MemoryMap map, int mutexes, RobustLists lists, Adversary.Next next) {
        this.actors = actors;
        this.map = map;
        this.mutexes = mutexes;
        this.lists = lists;
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
            world.setCarriesWakeUp(thread, mutex, changesHands && ((old & WAITERS) != 0 || world.leavesForEver(mutex)));
            world.setLeavesForEver(mutex, false);
            world.setHolder(mutex, -1);
        } else if (changesHands) {
            world.setCarriesWakeUp(thread, mutex, false); // it wakes when it releases
            world.setHolder(mutex, thread);
        }
    }

    static String word(int value) {
        return "0x" + Integer.toHexString(value);
    }

    static boolean isAlive(World world, int thread) {
        return world.isAlive(thread);
    }

    /**
     * A thread that has freed the word and not yet woken, or was woken and has not yet done anything with it, carries a wake-up. The kernel
     * wakes another in its place, if it sees the death, and the word is free when it comes to it by the pending word. That the word is
     * taken then, or the death not seen, excuses that the wake-up is lost ({@link #atGone}); that nothing is pending does not, but for
     * one whom glibc is about to refuse.
     */
    void atDeath(World world, int thread, boolean seen) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.holder(mutex) == thread) {
                world.setOwed(mutex, true);
                world.setLeavesForEver(mutex, false);
                world.setBeyondWalk(mutex, lists.isBeyondWalk(world, thread, mutex));
            }
            if (world.carriesWakeUp(thread, mutex) && world.isGivenUp(mutex)) {
                world.wakeOneOnly(mutex); // it was to wake all, and the kernel wakes one
            }
            if (seen && !lists.isPending(world, thread, mutex) && !isAboutToForget(next.of(world, thread))) {
                world.setCarriesWakeUp(thread, mutex, false);
            }
            if (world.inside(mutex) == thread) {
                world.setInside(mutex, -1);
            }
            world.setPassedOver(thread, mutex, false);
        }
    }

    private static boolean isAboutToForget(Access next) {
        return next.kind() == Kind.REFUSED && Refusal.of(next.first()) == Refusal.NOT_RECOVERABLE_UNWOKEN;
    }

    /** The thread is gone, walked for or not: that its number is in a word is as after any death that nobody told of. */
    void atGone(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.holder(mutex) == thread) {
                world.setBeyondWalk(mutex, false);
                world.setLeftOver(mutex, false);
            }
            if (world.carriesWakeUp(thread, mutex)) {
                world.loseWakeUp(mutex);
                world.setCarriesWakeUp(thread, mutex, false);
            }
        }
    }

    void atWoken(World world, int thread, long address) {
        setCarries(world, thread, address, true);
    }

    /** Who frees the word and wakes makes good what was lost before: whoever is woken says in the word that others may sleep. */
    void atWake(World world, int thread, long address) {
        if (MemoryMap.isLock(address) && world.carriesWakeUp(thread, MemoryMap.mutexAt(address))) {
            world.clearLostWakeUps(MemoryMap.mutexAt(address));
        }
        setCarries(world, thread, address, false);
    }

    /** The word says that somebody sleeps: the next release wakes. */
    void atSleep(World world, int thread, long address) {
        setCarries(world, thread, address, false);
    }

    private static void setCarries(World world, int thread, long address, boolean carries) {
        if (MemoryMap.isLock(address)) {
            world.setCarriesWakeUp(thread, MemoryMap.mutexAt(address), carries);
        }
    }

    /** Nobody lives, and whoever comes next must be told, whether somebody held it or not. */
    void atReboot(World world, int mutex) {
        world.setHolder(mutex, -1);
        world.setInside(mutex, -1);
        world.setTurn(mutex, -1);
        world.setOwed(mutex, !world.isGivenUp(mutex));
        world.setLeavesForEver(mutex, false);
        world.setLeftOver(mutex, false);
        world.clearLostWakeUps(mutex); // there is nobody left to be woken
    }

    /** What a program says of itself. */
    void observe(World world, int thread, Access access) {
        int mutex = MemoryMap.mutexAt(access.address());
        switch (access.kind()) {
            case LANDMARK -> {
                lists.checkWhole(world, thread);
                for (int i = 0; i < mutexes; i++) {
                    world.setCarriesWakeUp(thread, i, false);
                }
            }
            case ENTER -> enter(world, thread, mutex, access.first() != 0);
            case LEAVE -> {
                world.setInside(mutex, -1);
                world.setLeavesForEver(mutex, access.first() != Player.LEAVES);
                if (access.first() == Player.LEAVES_FOR_EVER_WAKING_ONE) {
                    world.wakeOneOnly(mutex);
                }
            }
            case REFUSED -> refuse(world, thread, mutex, Refusal.of(access.first()));
            default -> throw new AssertionError(access);
        }
    }

    private void refuse(World world, int thread, int mutex, Refusal why) {
        boolean forgotten = why == Refusal.NOT_RECOVERABLE_UNWOKEN;
        require(
                !why.isNotRecoverable() || world.wasEverGivenUp(mutex),
                Rule.NOT_RECOVERABLE,
                name(thread) + " is refused, and nobody gave the mutex up");
        world.setLeftOver(mutex, world.isLeftOver(mutex) || why == Refusal.NOT_RECOVERABLE_LEFT_OVER);
        if (forgotten) {
            world.forgetWakeUp(mutex);
        }
        if (forgotten && world.isOneWoken(mutex)) { // glibc alone was at work: the library's sleepers lose a slice
            world.loseWakeUp(mutex);
        }
        if (forgotten) {
            passOver(world, thread, mutex);
        }
    }

    /**
     * Who was refused by glibc woke nobody. Of the library's threads, only a reset sleeps before one that takes a mutex which is not
     * recoverable, or one that takes its number for the same number of who held it before; they look again after a slice. Any other
     * should not have slept, or was to be woken before, by whoever gave it up.
     */
    private void passOver(World world, int refused, int mutex) {
        for (int thread = 0; thread < actors.size(); thread++) {
            Access sleep = next.of(world, thread);
            if (world.status(thread) == Status.ASLEEP
                    && (sleep.kind() == Kind.AWAIT_FOR_RESET || (sleep.kind() == Kind.AWAIT && isNamesake(refused)))
                    && MemoryMap.mutexAt(sleep.address()) == mutex
                    && ((int) sleep.first() & TID_MASK) == actors.get(refused).threadId()) {
                world.setPassedOver(thread, mutex, true);
            }
        }
    }

    private boolean isNamesake(int thread) {
        int number = actors.get(thread).threadId();
        return actors.stream().filter(actor -> actor.threadId() == number).count() > 1;
    }

    /** However it came to that. */
    void atAwake(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            world.setPassedOver(thread, mutex, false);
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

    /** Its time is over, and nobody else could do anything. */
    void checkIdleSleeper(World world, int thread, Access sleep) {
        if (MemoryMap.isLock(sleep.address())) {
            requireWoken(world, thread, sleep.address());
        }
    }

    private void requireWoken(World world, int thread, long address) {
        int word = world.word(map.index(address));
        int mutex = MemoryMap.mutexAt(address);
        require(
                (word & TID_MASK) != 0 || world.isWakeUpLost(mutex) || world.isPassedOver(thread, mutex),
                Rule.WOKEN,
                name(thread) + " sleeps, the word is " + word(word) + ", and nobody will wake it");
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
     * One that sleeps without limit, as glibc does. A kill may have taken its wake-up along: that of a thread which had freed the word, or
     * was woken in its place, when another took the mutex meanwhile. The kernel looks at the pending word, and sees it held. Nothing
     * helps a plain C waiter then but the next contended release; the library's waiters look again after a slice. Nor is one helped that
     * waits alone for a holder whose death the kernel did not see, or that waits behind one whom glibc refuses, or behind a number that
     * glibc's trylock left over; a reset waits there too, until that thread is gone.
     */
    private void checkLastSleeper(World world, int thread, Access sleep) {
        if (!MemoryMap.isLock(sleep.address())) {
            return; // a daemon without work
        }
        int mutex = MemoryMap.mutexAt(sleep.address());
        if (!world.isWakeUpForgotten(mutex)) {
            requireWoken(world, thread, sleep.address());
        }
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
