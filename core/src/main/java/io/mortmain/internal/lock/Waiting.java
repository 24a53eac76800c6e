package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.internal.owner.Witness;
import org.jspecify.annotations.Nullable;

/**
 * One thread's wait for a mutex that somebody holds: looks a few times, then sleeps in slices, and, when the same holder is there after
 * {@link #ARM_NANOS}, has the second witness watch it. Used by that thread only; what it has done to the word and the witness is undone
 * by its caller and by {@link #end}.
 */
final class Waiting {
    /** How often a waiter looks at a held word before it sleeps: for about the length of a short critical section. */
    static final int SPINS = 64;

    /** The longest sleep in one call, in nanoseconds. */
    static final long SLICE_NANOS = 50_000_000;

    /** The first sleep before a holder: most leave within it, and need not be watched. In nanoseconds. */
    private static final long ARM_NANOS = 1_000_000;

    private final Seam seam;
    private final long mutex;
    private final long scratch;
    private final long nanos;
    private final boolean interruptible;
    /** As {@link System#nanoTime} counts; the difference to it is right for {@link SlowPaths#FOREVER} too, though the sum overflows. */
    private final long deadline;

    private int assumedWaiters;
    private int spinsLeft;
    private boolean contended;
    /** Before whom this thread slept last. */
    private int holder;
    /** Who is watched on behalf of this thread, or 0. */
    private int watched;

    private Witness.@Nullable Watch watch;

    /**
     * @param spins how often to look before the first sleep
     * @param nanos how long; 0 or less not at all, {@link SlowPaths#FOREVER} without limit
     */
    Waiting(Seam seam, int spins, long mutex, long scratch, long nanos, boolean interruptible) {
        this.seam = seam;
        this.spinsLeft = spins;
        this.mutex = mutex;
        this.scratch = scratch;
        this.nanos = nanos;
        this.interruptible = interruptible;
        this.deadline = nanos <= 0 ? 0 : seam.kernel().nanoTime() + nanos;
    }

    /** WAITERS once this thread has slept: it may not be the only one, and must keep the bit in what it takes or leaves behind. */
    int assumedWaiters() {
        return assumedWaiters;
    }

    boolean isContended() {
        return contended;
    }

    /**
     * Waits a little for the holder that {@code word} names.
     *
     * @return why to wait no longer, or null: look at the word again
     */
    @Nullable
    Outcome await(int word) {
        if (nanos <= 0) {
            return giveUp(word);
        }
        contended = true;
        if (spinsLeft > 0) {
            spinsLeft--;
            Thread.onSpinWait();
            return null;
        }
        if (interruptible && Thread.currentThread().isInterrupted()) {
            return Outcome.INTERRUPTED;
        }
        long left = deadline - seam.kernel().nanoTime();
        if (left <= 0) {
            return giveUp(word);
        }
        if ((word & WAITERS) == 0 && !seam.words().compareAndSetInt(mutex + LOCK, word, word | WAITERS)) {
            return null;
        }
        assumedWaiters = WAITERS;
        seam.kernel().await(mutex + LOCK, word | WAITERS, Math.min(left, slice(word & TID_MASK)), scratch);
        return null;
    }

    /** Out of time. A death that nobody was told of can be seen at once when the holder's thread is gone. */
    private @Nullable Outcome giveUp(int word) {
        int threadId = word & TID_MASK;
        if (!isGone(threadId)) {
            return Outcome.BUSY;
        }
        boolean marked = seam.takeover().mark(mutex, threadId, () -> isGone(threadId));
        return marked || !seam.takeover().isHolder(mutex, threadId) ? null : Outcome.BUSY;
    }

    /** A zombie is gone; but to ask that too would make each tryLock() that fails cost many times as much. */
    private boolean isGone(int threadId) {
        return !seam.kernel().threadExists(threadId)
                || (nanos > 0 && seam.witness().isGone(threadId));
    }

    /** How long to sleep before this holder at most; looks after one that was here before the last sleep too. */
    private long slice(int threadId) {
        if (threadId != holder) {
            holder = threadId;
            return ARM_NANOS;
        }
        if (threadId != watched) {
            end();
            watch = seam.witness().watch(mutex, threadId);
            watched = watch == null ? 0 : threadId;
            if (watch != null) {
                return SLICE_NANOS;
            }
        }
        // the watch knows too, unless it ran out of memory or descriptors, or is none
        if (seam.witness().isGone(threadId)) {
            boolean unusedAnswer =
                    seam.takeover().mark(mutex, threadId, () -> seam.witness().isGone(threadId));
        }
        return SLICE_NANOS;
    }

    /** Nobody is watched any more on behalf of this thread. */
    void end() {
        Witness.Watch ended = watch;
        if (ended != null) {
            watch = null;
            watched = 0;
            ended.end();
        }
    }
}
