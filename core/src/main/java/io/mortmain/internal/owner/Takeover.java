package io.mortmain.internal.owner;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * Does to a word what the kernel would have done at the holder's death: owner-died, waiters kept, one of them woken. Whoever then takes
 * the mutex, by Mortmain or by glibc, is told.
 *
 * <p>The caller has proven that the thread does not hold the mutex. The word is read after the proof, and changed by compare-and-set
 * only while it has that thread's number.
 */
/*
 * What can go wrong between proof and compare-and-set: the word went to another thread, then its number differs and nothing is done; or
 * a thread with the dead one's number took the mutex, by a takeover of its own or after that of others. Where the number was free at
 * the proof, that takes a whole round of the machine's thread numbers; where a thread had it already, that thread need only lock the
 * mutex in these microseconds, and is robbed. The tests' LostDeathScene plays it.
 */
public class Takeover {
    private final Words words;
    private final Kernel kernel;

    public Takeover(Words words, Kernel kernel) {
        this.words = words;
        this.kernel = kernel;
    }

    /** True when the word was marked; false when it does not have the number any more, or the proof was not to be had again. */
    public boolean mark(long mutex, int threadId) {
        return markProven(mutex, threadId);
    }

    /** {@link #mark} on the caller's proof alone. */
    public final boolean markProven(long mutex, int threadId) {
        for (int word = words.getIntVolatile(mutex + LOCK);
                (word & TID_MASK) == threadId;
                word = words.getIntVolatile(mutex + LOCK)) {
            if (words.compareAndSetInt(mutex + LOCK, word, (word & WAITERS) | OWNER_DIED)) {
                kernel.wake(mutex + LOCK, 1);
                return true;
            }
        }
        return false;
    }
}
