package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.explore.machine.World.Status;
import java.util.List;

/**
 * The wake-ups of mutexes: remembers in the world who carries one along, and where one went missing, and looks that nobody sleeps whom nobody will
 * wake ({@link Rule#WOKEN}).
 *
 * <p>A thread carries one along from freeing the word until it wakes, and from being woken until it has done something with it.
 */
final class WakeUps {
    private final List<Actor> actors;
    private final MemoryMap map;
    private final int mutexes;
    private final RobustLists lists;
    private final Adversary.Next next;

    WakeUps(List<Actor> actors, MemoryMap map, int mutexes, RobustLists lists, Adversary.Next next) {
        this.actors = actors;
        this.map = map;
        this.mutexes = mutexes;
        this.lists = lists;
        this.next = next;
    }

    /** Its number is in the word: it wakes when it releases. */
    void atTaken(World world, int thread, int mutex) {
        world.setCarriesWakeUp(thread, mutex, false);
    }

    /** @param owes whether the word said that somebody sleeps, or all are to be told that it is released for ever */
    void atFreed(World world, int thread, int mutex, boolean owes) {
        if (owes) { // what was lost before comes back with this one, or is lost with it
            world.clearLostWakeUps(mutex);
        }
        world.setCarriesWakeUp(thread, mutex, owes);
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

    /** Between two operations. */
    void atLandmark(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            world.setCarriesWakeUp(thread, mutex, false);
        }
    }

    /** However it came to that. */
    void atAwake(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            world.setPassedOver(thread, mutex, false);
        }
    }

    /**
     * The kernel wakes another in place of one that carries a wake-up, if it sees the death, and the word is free when it comes to it by
     * the pending word. That the word is taken then, or the death not seen, excuses that the wake-up is lost ({@link #atGone}); that
     * nothing is pending does not, but for one whom glibc is about to refuse.
     */
    void atDeath(World world, int thread, boolean seen) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.carriesWakeUp(thread, mutex) && world.isGivenUp(mutex)) {
                world.setOneWoken(mutex, true); // it was to wake all, and the kernel wakes one
            }
            if (seen && !lists.isPending(world, thread, mutex) && !isAboutToForget(next.of(world, thread))) {
                world.setCarriesWakeUp(thread, mutex, false);
            }
            world.setPassedOver(thread, mutex, false);
        }
    }

    private static boolean isAboutToForget(Access next) {
        return next.kind() == Kind.REFUSED && Refusal.of(next.first()) == Refusal.NOT_RECOVERABLE_UNWOKEN;
    }

    /** What it carries still goes with it. */
    void atGone(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.carriesWakeUp(thread, mutex)) {
                world.loseWakeUp(mutex);
                world.setCarriesWakeUp(thread, mutex, false);
            }
        }
    }

    /** There is nobody left to be woken. */
    void atReboot(World world, int mutex) {
        world.clearLostWakeUps(mutex);
    }

    /**
     * Who was refused by glibc woke nobody. Of the library's threads, only a reset sleeps before one that takes a mutex which is not
     * recoverable, or one that takes its number for the same number of who held it before; they look again after a slice. Any other
     * should not have slept, or was to be woken before, by whoever gave it up.
     */
    void atRefused(World world, int refused, int mutex) {
        world.forgetWakeUp(mutex);
        if (world.isOneWoken(mutex)) { // glibc alone was at work: the library's sleepers lose a slice
            world.loseWakeUp(mutex);
        }
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

    /** Its time is over, and nobody else could do anything. */
    void checkIdleSleeper(World world, int thread, Access sleep) {
        if (MemoryMap.isLock(sleep.address())) {
            requireWoken(world, thread, sleep.address());
        }
    }

    /**
     * One that sleeps without limit, as glibc does, when nobody can do anything any more. A kill may have taken its wake-up along: that of a
     * thread which had freed the word, or was woken in its place, when another took the mutex meanwhile. The kernel looks at the pending
     * word, and sees it held. Nothing helps a plain C waiter then but the next contended release; the library's waiters look again after a
     * slice.
     */
    void checkLastSleeper(World world, int thread, long address) {
        if (!world.isWakeUpForgotten(MemoryMap.mutexAt(address))) {
            requireWoken(world, thread, address);
        }
    }

    private void requireWoken(World world, int thread, long address) {
        int word = world.word(map.index(address));
        int mutex = MemoryMap.mutexAt(address);
        Rules.require(
                (word & TID_MASK) != 0 || world.isWakeUpLost(mutex) || world.isPassedOver(thread, mutex),
                Rule.WOKEN,
                actors.get(thread).name() + " sleeps, the word is " + Rules.word(word) + ", and nobody will wake it");
    }
}
