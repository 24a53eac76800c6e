package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.errors.LockException.Reason;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.lock.LockThreads;
import io.mortmain.internal.lock.Outcome;

/** The sentence for each way in which a mutex refuses. */
final class Refusals {
    private Refusals() {}

    static LockException of(Outcome outcome, RobustMutex mutex) {
        return switch (outcome) {
            case NOT_RECOVERABLE ->
                new NotRecoverableException(mutex
                        + " is not recoverable: a holder was told of a death and released it without markConsistent;"
                        + " repair the data under RobustMutex.reset()");
            case WOULD_DEADLOCK ->
                new LockException(
                        Reason.WOULD_DEADLOCK,
                        caller() + " holds " + mutex
                                + " already and would wait for itself; release it first, or create it as RECURSIVE");
            case TOO_DEEP ->
                new LockException(
                        Reason.TOO_DEEP, mutex + " was entered 4294967295 times by this thread; release it sometimes");
            case TOO_MANY ->
                new LockException(
                        Reason.TOO_MANY_HELD,
                        caller()
                                + " holds " + RobustListLayout.LIMIT
                                + " robust mutexes, those of C code included, and cannot take " + mutex
                                + ": the kernel would not tell of the oldest at its death; hold fewer at once");
            case NOT_HOLDER ->
                new LockException(
                        Reason.NOT_HOLDER,
                        caller() + " does not hold " + mutex + "; only the thread that locked can release");
            case CLOSED -> closed(mutex);
            case DAMAGED -> new LockException(Reason.DAMAGED, damaged(mutex));
            case FORKED_CHILD ->
                new LockException(
                        Reason.FORKED_CHILD,
                        "this process was forked from one that used Mortmain, and the locks belong to that one;"
                                + " start processes with Spawn instead of fork");
            case NOTHING_TO_RESET ->
                new LockException(
                        Reason.NOTHING_TO_RESET,
                        mutex + " is not in the state \"not recoverable\", so there is nothing to reset");
            default -> throw new AssertionError(outcome);
        };
    }

    static LockException closed(Object object) {
        return new LockException(Reason.CLOSED, "the region handle of " + object + " is closed; open the region again");
    }

    /** @param object guarded data or a heap, whose mutex the caller has, by its name */
    static LockException withinCall(Object object) {
        return new LockException(
                Reason.WOULD_DEADLOCK,
                caller() + " is within a call of " + object
                        + " already and might wait for itself; use it after that call");
    }

    private static String caller() {
        return LockThreads.nameOf(Thread.currentThread());
    }

    /** What an access to an object ended with, whose pages are gone. */
    static RegionException truncated(Object object, InternalError fault) {
        return new RegionException(
                RegionException.Reason.DAMAGED,
                "the region of " + object + " was truncated while it is open; close it, remove it and create it anew",
                fault);
    }

    static String damaged(RobustMutex mutex) {
        return mutex
                + " is damaged: its file was truncated, punched or overwritten; close the region, remove it and create it anew";
    }
}
