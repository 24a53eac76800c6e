package io.mortmain.internal.lock;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * One deputy at a time sleeps for a mutex; the other virtual threads of this process that want it wait here, first come first served,
 * each at the price of a few objects instead of an OS thread.
 *
 * <p>Who has the turn waits for the mutex only, and who waits for the turn would wait for the mutex too: nobody waits for anything new.
 * The holder comes by without a turn when it locks again, see {@link Principal#acquire}. By gate, not by mutex only: the deputy that
 * sleeps shows to the closer of a handle that somebody waits behind its gate.
 */
final class Turns {
    private static final ConcurrentHashMap<Place, Turns> ALL = new ConcurrentHashMap<>();

    private record Place(Gate gate, long mutex) {}

    private final Semaphore turn = new Semaphore(1, true);
    /** How many wait for the turn or have it; changed within the map's operations only. */
    private int users;

    private Turns() {}

    /**
     * Runs the attempt when it is the caller's turn.
     *
     * @param nanos how long to wait for turn and mutex together; {@link SlowPaths#FOREVER} without limit
     * @param attempt given what is left of the time, which is more than 0
     * @return what the attempt returned; or BUSY, or INTERRUPTED with the flag set, when it was not made
     */
    static Outcome inTurn(Gate gate, long mutex, long nanos, boolean interruptible, LongFunction<Outcome> attempt) {
        Place place = new Place(gate, mutex);
        Turns turns = ALL.compute(place, (_, there) -> entered(there == null ? new Turns() : there));
        try {
            return turns.run(nanos, interruptible, attempt);
        } finally {
            ALL.computeIfPresent(place, (_, there) -> there.isLeftByLast() ? null : there);
        }
    }

    private static Turns entered(Turns turns) {
        turns.users++;
        return turns;
    }

    private boolean isLeftByLast() {
        users--;
        return users == 0;
    }

    private Outcome run(long nanos, boolean interruptible, LongFunction<Outcome> attempt) {
        long start = System.nanoTime();
        Outcome mine = await(nanos, start, interruptible);
        if (mine != Outcome.ACQUIRED) {
            return mine;
        }
        try {
            long left = left(nanos, start);
            return left <= 0 ? Outcome.BUSY : attempt.apply(left);
        } finally {
            turn.release();
        }
    }

    private Outcome await(long nanos, long start, boolean interruptible) {
        boolean interrupted = false;
        try {
            for (; ; ) {
                try {
                    return tryAcquire(left(nanos, start)) ? Outcome.ACQUIRED : Outcome.BUSY;
                } catch (InterruptedException kept) {
                    interrupted = true;
                    if (interruptible) {
                        return Outcome.INTERRUPTED;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean tryAcquire(long left) throws InterruptedException {
        if (left == SlowPaths.FOREVER) {
            turn.acquire();
            return true;
        }
        return turn.tryAcquire(left, TimeUnit.NANOSECONDS);
    }

    private static long left(long nanos, long start) {
        return nanos == SlowPaths.FOREVER ? nanos : nanos - (System.nanoTime() - start);
    }
}
