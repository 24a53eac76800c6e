package io.mortmain.internal.owner;

import io.mortmain.internal.owner.RobustListLook.Verdict;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Whether a living thread, whose number is in the word of a mutex, does not hold it: it got the number of a dead holder. Used by one
 * thread.
 *
 * <p>Proofs:
 * <ol>
 *   <li>Asleep: the thread did not run while its list, sound and whole, was found without the mutex and its number in the word. If its
 *       pending word leads to the mutex, it also slept until that very mutex is free: it waits for it.
 *   <li>Running: its list was found so {@link #LOOKS} times, at irregular distances, and its number in the word each time.
 * </ol>
 */
/*
 * Why the first is certain: a thread that was off the processors at two moments, and in between has run, has left one in between, and is
 * counted for it. To be shown asleep is not enough: a thread that finds what it wants just before it sleeps runs on, uncounted.
 *
 * Why the pending word does not speak for a thread that sleeps for the word of the mutex that it names: between taking the word and
 * putting the node on the list, and between taking it off and freeing the word, neither glibc nor Mortmain sleeps for that word; who
 * waits for the mutex does. A holder of a normal mutex who locks it again sleeps there too, but then his list has it. And nobody else
 * makes the sleeper the holder: the kernel does so with priority inheritance only, see RobustListLook. What is left is a signal handler
 * that locks the mutex which its own thread is just taking: POSIX does not allow that, and it would sleep for ever. Of a thread that
 * sleeps elsewhere nothing is proven: it may have been stopped on its way, or it holds nothing, and glibc left its pending word as it
 * was, as it does when a timed lock fails.
 *
 * Why so many looks for the second: a thread that locks and unlocks all the time is without the mutex for a moment at each turn, and its
 * word may be the same before and after. For one look to be fooled, the list must be read in such a gap, and the word before it and
 * after it in none. With gaps for the fraction g of the time that is at most g(1 - g)², or 15 %. The distances must be irregular, or a
 * thread with a rhythm of its own would fool all looks or none. One whose gaps last until the look is over, because both want the same
 * lock of its address space, must still begin a gap where a distance ends: g(1 - g), or 25 %.
 *
 * Looks at a list that moves, or beside a pending word that leads to the mutex, count for nothing, and there may be as many as make up
 * MOST_LOOKS: a thread that is busy with other mutexes, or tries for this one, must be condemned too. They give more chances to be fooled
 * LOOKS times. Summed over all numbers of looks, with such looks in what is left of the time, (1 - g)³ or (1 - g)², that is 3e-14 and
 * 1.3e-9 for one proof. A mutex is marked on two, one after the other: at most 2e-18.
 */
final class AbsenceProof {
    static final int LOOKS = 24;
    private static final int MOST_LOOKS = 60;
    private static final long LEAST_DISTANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long MOST_DISTANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(150);

    private final HolderView view;
    private boolean settled;

    AbsenceProof(HolderView view) {
        this.view = view;
    }

    /** Whether looks are of no use any more: it holds the mutex, or nobody can say. */
    boolean isSettled() {
        return settled;
    }

    /** Another thread may have the number by now. */
    void beginAnew() {
        settled = false;
    }

    /** Looks, for some milliseconds at most. */
    boolean isGiven() {
        return isGivenAsleep() || (!settled && isGivenRunning());
    }

    private boolean isGivenAsleep() {
        long switches = view.switchesWhileAsleep();
        return switches >= 0
                && view.wasOffProcessor()
                && isAbsenceOfASleeper(look())
                && view.isInWord()
                && view.wasOffProcessor()
                && switches == view.switchesWhileAsleep();
    }

    private boolean isAbsenceOfASleeper(Verdict verdict) {
        return verdict == Verdict.ABSENT || (verdict == Verdict.PENDING && view.sleepsBeforePendingMutex());
    }

    private boolean isGivenRunning() {
        int absences = 0;
        for (int look = 0; absences < LOOKS && look < MOST_LOOKS && !settled; look++) {
            absences += look() == Verdict.ABSENT ? 1 : 0;
            if (!view.isInWord()) {
                return false;
            }
            view.pause(ThreadLocalRandom.current().nextLong(LEAST_DISTANCE_NANOS, MOST_DISTANCE_NANOS));
            if (!view.isInWord()) {
                return false;
            }
        }
        return absences == LOOKS;
    }

    /** One that holds the mutex, or of which nobody can say, is settled; any other is looked at again, ever more seldom. */
    private Verdict look() {
        Verdict verdict = view.lookAtList();
        settled = verdict == Verdict.HOLDS || verdict == Verdict.UNKNOWN;
        return verdict;
    }
}
