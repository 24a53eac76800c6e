package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE_TO_PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.USERS;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;

import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * What is to be done after an access to a page that its file no longer has (somebody truncated it): the JVM reports it as an
 * InternalError, at once in the interpreter, up to a few instructions later in compiled code. The page may be that of the mutex, or
 * that of its neighbour on the list while the mutex itself is sound. Nothing is touched here that the kernel did not read before.
 */
final class FaultRecovery {
    private final Words words;
    private final Kernel kernel;
    private final ForeignLinks links;

    FaultRecovery(Words words, Kernel kernel, ForeignLinks links) {
        this.words = words;
        this.kernel = kernel;
        this.links = links;
    }

    boolean isReadable(LockThread me, long mutex) {
        return kernel.tryReadLong(mutex + LOCK, me.slot);
    }

    /**
     * Takes back an acquisition that did not come to its end, or came to it unnoticed. The pending word leads to the mutex until then.
     *
     * @param heldBefore whether the thread held the mutex already before; then there is nothing to give back
     * @param freeWord what the futex word becomes: 0, or owner-died where the predecessor may have died
     */
    void undoAcquisition(LockThread me, long mutex, boolean heldBefore, int freeWord) {
        long node = mutex + NODE;
        if (heldBefore || !isReadable(me, mutex) || !isThisThreads(me)) {
            links.detachUnreadable(me);
            unlinkUnrecorded(me, node);
            return;
        }
        if (me.indexOf(node) > 0) {
            links.unlink(me, node);
        } else {
            unlinkUnrecorded(me, node);
        }
        links.detachUnreadable(me);
        if (words.getIntPlain(mutex + OWNER) == me.threadId()) {
            words.putIntRelease(mutex + OWNER, 0);
            words.putIntRelease(mutex + USERS, words.getIntPlain(mutex + USERS) - 1);
        }
        if ((words.getAndSetInt(mutex + LOCK, freeWord) & WAITERS) != 0) {
            kernel.wake(mutex + LOCK, 1);
        }
    }

    /** Whether the word that was just read has this thread's number. */
    private boolean isThisThreads(LockThread me) {
        return ((int) kernel.transferred(me.slot) & TID_MASK) == me.threadId();
    }

    /** The fault came after the list head led to the node, and before this thread remembered it. */
    private void unlinkUnrecorded(LockThread me, long node) {
        if (words.getLongPlain(me.head + FIRST) == node && me.indexOf(node) == 0) {
            long below = me.nodes[me.depth];
            words.putLongRelease(me.head + FIRST, below);
            if (below == me.head) {
                words.putLongRelease(below + NODE_TO_PREVIOUS, me.head);
            } else {
                kernel.tryWriteLong(below + NODE_TO_PREVIOUS, me.head, me.slot);
            }
        }
    }
}
