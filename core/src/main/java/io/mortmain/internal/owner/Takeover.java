package io.mortmain.internal.owner;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;
import java.util.function.BooleanSupplier;

/**
 * Does to a word what the kernel would have done at the holder's death: owner-died, waiters kept, one of them woken. Whoever then takes
 * the mutex, by Mortmain or by glibc, is told.
 *
 * <p>The proof that the thread does not hold the mutex is given, and the word is changed by compare-and-set, in one {@link MarkerTurn}.
 */
/*
 * What can go wrong between proof and compare-and-set: the word went to another thread, then its number differs and nothing is done; or
 * a thread with the dead one's number took the mutex. It finds the word as it is and can take it only after a mark, its own or another's,
 * and whoever marks has the turn; or after the kernel's, which marks for a thread that dies while it takes the mutex, and then that
 * number must come again. So it takes a whole round of the machine's thread numbers. The tests' LostDeathScene plays it.
 */
public class Takeover {
    private final Words words;
    private final Kernel kernel;
    private final MarkerTurn turn;

    public Takeover(Words words, Kernel kernel, MarkerTurn turn) {
        this.words = words;
        this.kernel = kernel;
        this.turn = turn;
    }

    /**
     * Marks the mutex on a proof that is given now, whatever the caller has seen, and wakes one waiter.
     *
     * @param proof that the thread is gone, or lives and does not hold the mutex
     * @return false when the word does not have the number any more, the proof was not to be had again, or somebody else is at it
     */
    public final boolean mark(long mutex, int threadId, BooleanSupplier proof) {
        boolean marked = markOnly(mutex, threadId, proof);
        if (marked) {
            wake(mutex);
        }
        return marked;
    }

    /** {@link #mark} without the wake-up, which the caller owes. */
    boolean markOnly(long mutex, int threadId, BooleanSupplier proof) {
        return turn.take(mutex, () -> isHolder(mutex, threadId) && proof.getAsBoolean() && store(mutex, threadId));
    }

    /** {@link #mark} on the caller's proof, in the caller's turn. */
    public final boolean markProven(long mutex, int threadId) {
        boolean marked = store(mutex, threadId);
        if (marked) {
            wake(mutex);
        }
        return marked;
    }

    /** Whether the word has the number. */
    public final boolean isHolder(long mutex, int threadId) {
        return (words.getIntVolatile(mutex + LOCK) & TID_MASK) == threadId;
    }

    /** One waiter, of Mortmain or of glibc. */
    final void wake(long mutex) {
        kernel.wake(mutex + LOCK, 1);
    }

    /* Compared although, in the turn, only the kernel, or one who writes without the mutex, can change this number: both do as they like. */
    final boolean store(long mutex, int threadId) {
        for (int word = words.getIntVolatile(mutex + LOCK);
                (word & TID_MASK) == threadId;
                word = words.getIntVolatile(mutex + LOCK)) {
            if (words.compareAndSetInt(mutex + LOCK, word, (word & WAITERS) | OWNER_DIED)) {
                return true;
            }
        }
        return false;
    }
}
