package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.COUNT;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_ERROR_CHECKING;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_RECURSIVE;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_TYPE_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.USERS;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;
import static io.mortmain.internal.lock.SlowPaths.FOREVER;

import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * Acquires in the rare ways: waiting, after deaths, again by the holder, over lists shared with C code, beside closers, for a reset; or
 * refuses. The invariants are those of {@link SlowPaths}.
 */
final class SlowAcquisition {
    /** Attempts after an access to a page that its file no longer has; each takes such nodes off the list. */
    private static final int FAULTS = 2;

    private final Seam seam;
    private final int spins;
    private final Words words;
    private final Kernel kernel;
    private final MutexWords mutexWords;
    private final ForeignLinks links;
    private final FaultRecovery faults;

    /** @param spins how often a waiter looks before it sleeps */
    SlowAcquisition(Seam seam, int spins) {
        this.seam = seam;
        this.spins = spins;
        this.words = seam.words();
        this.kernel = seam.kernel();
        this.mutexWords = new MutexWords(words, kernel);
        this.links = new ForeignLinks(words, kernel);
        this.faults = new FaultRecovery(words, kernel, links);
    }

    /** As {@link SlowPaths#lock}, by the thread itself. */
    Outcome lock(LockThread me, long mutex, int kind, Gate gate, long nanos, boolean interruptible) {
        Outcome outcome = acquire(me, mutex, kind, gate, nanos, interruptible, false);
        for (int again = 0; outcome == Outcome.FAULTED && again < FAULTS; again++) {
            outcome = acquire(me, mutex, kind, gate, nanos, interruptible, false);
        }
        return outcome == Outcome.FAULTED ? Outcome.DAMAGED : outcome;
    }

    /** As {@link SlowPaths#lockForReset}, by the thread itself. */
    Outcome lockForReset(LockThread me, long mutex, int kind, Gate gate) {
        Outcome outcome = acquire(me, mutex, kind, gate, FOREVER, true, true);
        return outcome == Outcome.FAULTED ? Outcome.DAMAGED : outcome;
    }

    /** As {@link SlowPaths#sleepUntilChanged}, by the thread itself. */
    Outcome sleepUntilChanged(LockThread me, long mutex, Gate gate, long word, int expected, long nanos) {
        if (StackProof.toAcquireSlowly(words, me) == 0) {
            return Outcome.FORKED_CHILD;
        }
        me.enter(gate, mutex);
        try {
            if (!gate.isOpen() && !gate.awaitDecision()) {
                return Outcome.CLOSED;
            }
            kernel.await(word, expected, Math.min(nanos, Waiting.SLICE_NANOS), me.slot);
            return Outcome.BUSY;
        } finally {
            me.leave();
        }
    }

    /** As {@link SlowPaths#wakeAll}. */
    void wakeAll(long word) {
        kernel.wake(word, Integer.MAX_VALUE);
    }

    private Outcome acquire(
            LockThread me, long mutex, int kind, Gate gate, long nanos, boolean interruptible, boolean reset) {
        int threadId = StackProof.toAcquireSlowly(words, me);
        if (threadId == 0) {
            return Outcome.FORKED_CHILD;
        }
        boolean heldBefore = me.indexOf(mutex + NODE) > 0;
        Waiting waiting = new Waiting(seam, spins, mutex, me.slot, nanos, interruptible);
        me.enter(gate, mutex);
        try {
            if (!gate.isOpen() && !gate.awaitDecision()) {
                return Outcome.CLOSED;
            }
            if (!mutexWords.isOfKind(me, mutex, kind)) {
                return Outcome.DAMAGED;
            }
            if (!links.reserve(me)) {
                return mutexWords.isHeldBy(mutex, threadId) && (kind & KIND_TYPE_MASK) != 0
                        ? relock(mutex, kind)
                        : Outcome.TOO_MANY;
            }
            words.putLongRelease(me.head + PENDING, mutex + NODE);
            Outcome taken = takeOrPassOn(me, mutex, kind, threadId, waiting, reset);
            return taken != Outcome.ACQUIRED && taken != Outcome.ACQUIRED_AFTER_DEATH
                    ? taken
                    : afterTaking(me, mutex, kind, threadId, taken, reset);
        } catch (InternalError truncated) {
            faults.undoAcquisition(me, mutex, heldBefore, OWNER_DIED);
            return Outcome.FAULTED;
        } finally {
            words.putLongRelease(me.head + PENDING, 0);
            waiting.end();
            me.leave();
        }
    }

    /** With an error, for lack of memory or stack, as with any other way out: a wake-up that came to this thread is passed on. */
    private Outcome takeOrPassOn(LockThread me, long mutex, int kind, int threadId, Waiting waiting, boolean reset) {
        try {
            return take(me, mutex, kind, threadId, waiting, reset);
        } catch (OutOfMemoryError | StackOverflowError failed) {
            leave(mutex, waiting.assumedWaiters(), Outcome.BUSY);
            throw failed;
        }
    }

    /**
     * The word's part: from free or owner-died to this thread. Repeatedly: a free or dead word is taken; a word of this thread's is a
     * relock; else the thread waits, if there is time.
     */
    private Outcome take(LockThread me, long mutex, int kind, int threadId, Waiting waiting, boolean reset) {
        for (; ; ) {
            int word = words.getIntVolatile(mutex + LOCK);
            if (!reset && words.getIntOpaque(mutex + OWNER) == OWNER_NOT_RECOVERABLE) {
                return leave(mutex, WAITERS, Outcome.NOT_RECOVERABLE);
            }
            if ((word & TID_MASK) == 0) {
                if (words.compareAndSetInt(
                        mutex + LOCK, word, threadId | (word & WAITERS) | waiting.assumedWaiters())) {
                    if (waiting.isContended()) {
                        mutexWords.count(mutex + MutexSlotLayout.CONTENDED);
                    }
                    return (word & OWNER_DIED) != 0 ? Outcome.ACQUIRED_AFTER_DEATH : Outcome.ACQUIRED;
                }
                continue;
            }
            if (reset
                    && isLeftOver(mutex, word)
                    && seam.takeover().mark(mutex, word & TID_MASK, () -> isLeftOver(mutex, word))) {
                continue;
            }
            if ((word & TID_MASK) == threadId) {
                boolean mine = isMine(me, mutex);
                if (!mine && seam.takeover().mark(mutex, threadId, () -> true)) {
                    continue;
                }
                if (mine && (kind & KIND_TYPE_MASK) != 0) {
                    return leave(mutex, waiting.assumedWaiters(), relock(mutex, kind));
                }
            }
            Outcome end = waiting.await(word);
            if (end != null) {
                return leave(mutex, waiting.assumedWaiters(), end);
            }
        }
    }

    /**
     * Whether a word with this thread's number means this thread: it locked the mutex, or C code on it did. Else a thread that had the
     * number before died holding it, and nobody was told.
     */
    private boolean isMine(LockThread me, long mutex) {
        return me.indexOf(mutex + NODE) > 0 || seam.witness().holds(mutex);
    }

    /**
     * Whether the word of a mutex that is not recoverable has the number of a thread that is gone: glibc's trylock refuses such a mutex
     * and leaves its number in the word, on no list. A living one may be another reset, and is waited for. The owner field is looked at
     * last: one that is gone stores nothing more, but before, it may have made the mutex recoverable, and died with it. All of it is proven
     * again in the turn to mark, with the word looked at between: a thread that was given the number meanwhile may hold the mutex, and
     * be about to give it up.
     */
    private boolean isLeftOver(long mutex, int word) {
        return (!kernel.threadExists(word & TID_MASK) || seam.witness().isGone(word & TID_MASK))
                && words.getIntOpaque(mutex + OWNER) == OWNER_NOT_RECOVERABLE;
    }

    /** What a holder that locks again gets; a normal mutex it waits for, as POSIX says. */
    private Outcome relock(long mutex, int kind) {
        return switch (kind & KIND_TYPE_MASK) {
            case KIND_ERROR_CHECKING -> Outcome.WOULD_DEADLOCK;
            case KIND_RECURSIVE -> enterAgain(mutex);
            default -> Outcome.BUSY;
        };
    }

    private Outcome enterAgain(long mutex) {
        int count = words.getIntPlain(mutex + COUNT);
        if (count == -1) {
            return Outcome.TOO_DEEP;
        }
        words.putIntRelease(mutex + COUNT, count + 1);
        return Outcome.REENTERED;
    }

    /** Leaves without the mutex: if this thread slept, a wake-up meant for somebody may have come to it. */
    private Outcome leave(long mutex, int assumedWaiters, Outcome outcome) {
        while (assumedWaiters != 0) {
            int word = words.getIntVolatile(mutex + LOCK);
            if ((word & TID_MASK) == 0) {
                kernel.wake(mutex + LOCK, outcome == Outcome.NOT_RECOVERABLE ? Integer.MAX_VALUE : 1);
                break;
            }
            if ((word & WAITERS) != 0 || words.compareAndSetInt(mutex + LOCK, word, word | WAITERS)) {
                break;
            }
        }
        return outcome;
    }

    /** The word is this thread's and pending leads to it; now the rest, or the word is given back. */
    private Outcome afterTaking(LockThread me, long mutex, int kind, int threadId, Outcome taken, boolean reset) {
        boolean died = taken == Outcome.ACQUIRED_AFTER_DEATH;
        int owner = words.getIntOpaque(mutex + OWNER);
        if (words.getIntOpaque(mutex + KIND) != kind) {
            giveBackAsFound(mutex, threadId, died);
            return Outcome.DAMAGED;
        }
        if (owner == OWNER_NOT_RECOVERABLE && !reset) {
            mutexWords.free(mutex, threadId, Integer.MAX_VALUE);
            return Outcome.NOT_RECOVERABLE;
        }
        if (owner != OWNER_NOT_RECOVERABLE && reset) {
            giveBackAsFound(mutex, threadId, died);
            return Outcome.NOTHING_TO_RESET;
        }
        words.putIntRelease(mutex + COUNT, 1);
        links.link(me, mutex + NODE);
        if (died || reset) {
            me.predecessor = reset ? 0 : owner;
            words.putIntRelease(mutex + OWNER, OWNER_INCONSISTENT);
            if (reset) {
                words.putIntRelease(mutex + USERS, words.getIntPlain(mutex + USERS) + 1);
            }
            if (died) {
                mutexWords.count(mutex + MutexSlotLayout.DEATHS);
            }
            return Outcome.ACQUIRED_AFTER_DEATH;
        }
        words.putIntRelease(mutex + OWNER, threadId);
        words.putIntRelease(mutex + USERS, words.getIntPlain(mutex + USERS) + 1);
        return Outcome.ACQUIRED;
    }

    private void giveBackAsFound(long mutex, int threadId, boolean died) {
        if (!died) {
            mutexWords.free(mutex, threadId, 1);
        } else if ((words.getAndSetInt(mutex + LOCK, OWNER_DIED) & WAITERS) != 0) {
            kernel.wake(mutex + LOCK, 1);
        }
    }

    /**
     * The word was taken by the fast path, and then kind, owner or gate were found changed. True when the acquisition stands after
     * all, because a closer gave up; else the word is given back.
     *
     * <p>Until the closer has decided and is through, the pending word says to it that a word with this thread's TID is no hold (see
     * {@link LockThreads#isTaking}). Afterwards the address belongs to the private page that replaced the lock area, or, where the number is
     * the kernel's, perhaps to another region (see {@link Latecomers} for the other numbers). The word is given back wherever it is; where the closer was first, it gave the word back itself.
     */
    boolean acquiredInDoubt(LockThread me, long mutex, int kind, Gate gate) {
        int threadId = me.threadId();
        boolean open = gate.awaitDecision();
        if (open
                && words.getIntOpaque(mutex + KIND) == kind
                && words.getIntOpaque(mutex + OWNER) != OWNER_NOT_RECOVERABLE) {
            words.putIntRelease(mutex + COUNT, 1);
            links.link(me, mutex + NODE);
            words.putIntRelease(mutex + OWNER, threadId);
            words.putIntRelease(mutex + USERS, words.getIntPlain(mutex + USERS) + 1);
            words.putLongRelease(me.head + PENDING, 0);
            return true;
        }
        mutexWords.free(mutex, threadId, Integer.MAX_VALUE);
        words.putLongRelease(me.head + PENDING, 0);
        return false;
    }

    /** As {@link SlowPaths#undoAfterFault}, by the thread itself. */
    void undoAfterFault(LockThread me, long mutex, int depthBefore) {
        int index = me.indexOf(mutex + NODE);
        faults.undoAcquisition(me, mutex, index > 0 && index <= depthBefore, 0);
        words.putLongRelease(me.head + PENDING, 0);
    }
}
