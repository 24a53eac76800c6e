package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.COUNT;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_RECURSIVE;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_TYPE_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.USERS;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;

import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * Releases in the rare ways: with somebody to wake, one level of many, out of order, inconsistent or for ever; and declares consistent.
 * The invariants are those of {@link SlowPaths}.
 */
final class SlowRelease {
    private final Words words;
    private final Kernel kernel;
    private final MutexWords mutexWords;
    private final ForeignLinks links;
    private final FaultRecovery faults;

    SlowRelease(Seam seam) {
        this.words = seam.words();
        this.kernel = seam.kernel();
        this.mutexWords = new MutexWords(words, kernel);
        this.links = new ForeignLinks(words, kernel);
        this.faults = new FaultRecovery(words, kernel, links);
    }

    /** As {@link SlowPaths#unlock}, by the thread itself. */
    Outcome unlock(LockThread me, long mutex, int kind, Gate gate) {
        int threadId = StackProof.toReleaseSlowly(words, me);
        if (threadId == 0) {
            return Outcome.FORKED_CHILD;
        }
        if (!faults.isReadable(me, mutex)) {
            return dropUnreadable(me, mutex);
        }
        if (!mutexWords.isHeldBy(mutex, threadId)) {
            return forget(me, mutex) && !mutexWords.isOfKind(me, mutex, kind) ? Outcome.DAMAGED : Outcome.NOT_HOLDER;
        }
        if ((kind & KIND_TYPE_MASK) == KIND_RECURSIVE) {
            int count = words.getIntPlain(mutex + COUNT);
            if (Integer.compareUnsigned(count, 1) > 0) {
                words.putIntRelease(mutex + COUNT, count - 1);
                return Outcome.RELEASED;
            }
        }
        boolean givesUp = words.getIntPlain(mutex + OWNER) == OWNER_INCONSISTENT;
        return letGo(me, mutex, gate, givesUp ? OWNER_NOT_RECOVERABLE : 0, 0);
    }

    /** As {@link SlowPaths#handOnDeath}, by the thread itself. */
    Outcome handOnDeath(LockThread me, long mutex, Gate gate) {
        int threadId = StackProof.toReleaseSlowly(words, me);
        if (threadId == 0) {
            return Outcome.FORKED_CHILD;
        }
        links.detachUnreadable(me); // the repair may have failed because a file was truncated
        if (!faults.isReadable(me, mutex)) {
            return dropUnreadable(me, mutex);
        }
        return mutexWords.isHeldBy(mutex, threadId)
                ? letGo(me, mutex, gate, OWNER_INCONSISTENT, OWNER_DIED)
                : forgotten(me, mutex);
    }

    /** As {@link SlowPaths#giveUp}, by the thread itself. */
    Outcome giveUp(LockThread me, long mutex, Gate gate) {
        int threadId = StackProof.toReleaseSlowly(words, me);
        if (threadId == 0) {
            return Outcome.FORKED_CHILD;
        }
        if (!faults.isReadable(me, mutex)) {
            return dropUnreadable(me, mutex);
        }
        return mutexWords.isHeldBy(mutex, threadId)
                ? letGo(me, mutex, gate, OWNER_NOT_RECOVERABLE, 0)
                : forgotten(me, mutex);
    }

    private Outcome forgotten(LockThread me, long mutex) {
        return forget(me, mutex) ? Outcome.DAMAGED : Outcome.NOT_HOLDER;
    }

    private Outcome dropUnreadable(LockThread me, long mutex) {
        forget(me, mutex);
        links.detachUnreadable(me);
        return Outcome.DAMAGED;
    }

    /**
     * If this thread locked the mutex, somebody has spoilt its word, or C code on this thread released it: then it must leave the list.
     *
     * @return whether this thread had locked it
     */
    private boolean forget(LockThread me, long mutex) {
        boolean locked = me.indexOf(mutex + NODE) > 0;
        if (locked) {
            links.detach(me, mutex + NODE);
        }
        return locked;
    }

    private Outcome letGo(LockThread me, long mutex, Gate gate, int newOwner, int newWord) {
        me.enter(gate, mutex);
        words.putLongRelease(me.head + PENDING, mutex + NODE);
        links.unlink(me, mutex + NODE);
        words.putIntRelease(mutex + OWNER, newOwner);
        if (newOwner != OWNER_INCONSISTENT) {
            words.putIntRelease(mutex + USERS, words.getIntPlain(mutex + USERS) - 1);
        }
        int old = words.getAndSetInt(mutex + LOCK, newWord);
        if (newOwner == OWNER_NOT_RECOVERABLE) {
            // Whatever the word said: one that was woken may not have looked yet, and others sleep behind it. It is
            // refused then, and glibc's refusal wakes nobody.
            kernel.wake(mutex + LOCK, Integer.MAX_VALUE);
        } else if ((old & WAITERS) != 0) {
            kernel.wake(mutex + LOCK, 1);
        }
        words.putLongRelease(me.head + PENDING, 0);
        me.leave();
        return Outcome.RELEASED;
    }

    /** The last part of an uncontended release that found the word changed: somebody waits. Pending leads to the mutex. */
    void releaseAndWake(LockThread me, long mutex, Gate gate) {
        me.enter(gate, mutex);
        mutexWords.free(mutex, me.threadId(), 1);
        words.putLongRelease(me.head + PENDING, 0);
        me.leave();
    }

    /** As {@link SlowPaths#markConsistent}, by the thread itself. */
    Outcome markConsistent(LockThread me, long mutex) {
        int threadId = me.threadId();
        if (!faults.isReadable(me, mutex)) {
            return dropUnreadable(me, mutex);
        }
        if (threadId == 0
                || !mutexWords.isHeldBy(mutex, threadId)
                || words.getIntPlain(mutex + OWNER) != OWNER_INCONSISTENT) {
            return Outcome.NOT_HOLDER;
        }
        words.putIntRelease(mutex + OWNER, threadId);
        mutexWords.count(mutex + MutexSlotLayout.RECOVERIES);
        return Outcome.ACQUIRED;
    }

    /** As {@link SlowPaths#finishAfterFault}, by the thread itself. */
    Outcome finishAfterFault(LockThread me, long mutex, int kind, Gate gate) {
        try {
            links.detachUnreadable(me);
            if (!faults.isReadable(me, mutex)) {
                return dropUnreadable(me, mutex);
            }
            if (mutexWords.isHeldBy(mutex, me.threadId())) {
                return unlock(me, mutex, kind, gate);
            }
            kernel.wake(mutex + LOCK, 1); // it may be what the fault prevented
            return Outcome.RELEASED;
        } finally {
            words.putLongRelease(me.head + PENDING, 0);
            me.leave();
        }
    }
}
