package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.KIND;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/** What acquiring and releasing both ask of the words of a mutex, and do to them. */
final class MutexWords {
    private final Words words;
    private final Kernel kernel;

    MutexWords(Words words, Kernel kernel) {
        this.words = words;
        this.kernel = kernel;
    }

    boolean isHeldBy(long mutex, int threadId) {
        return (words.getIntVolatile(mutex + LOCK) & TID_MASK) == threadId;
    }

    /** Reads through the kernel: where the file was truncated, a direct access might not survive. */
    boolean isOfKind(LockThread me, long mutex, int kind) {
        return kernel.tryReadLong(mutex + KIND, me.slot) && (int) kernel.transferred(me.slot) == kind;
    }

    /**
     * Frees the word if it is this thread's; wakes whoever sleeps on it. By compare-and-set, because a thread in doubt is not announced
     * to closers: between a look and an exchange the address could become another region's, and the word that of a living holder. A
     * TID there is this thread's own. A number of an owner record could be another's in another region; so as long as a thread that has
     * one may be here, the address does not become another region's, see {@link Latecomers}.
     */
    void free(long mutex, int threadId, int wake) {
        for (int word = words.getIntVolatile(mutex + LOCK);
                (word & TID_MASK) == threadId;
                word = words.getIntVolatile(mutex + LOCK)) {
            if (words.compareAndSetInt(mutex + LOCK, word, 0)) {
                if ((word & WAITERS) != 0) {
                    kernel.wake(mutex + LOCK, wake);
                }
                return;
            }
        }
    }

    /** Counts; the caller holds the mutex, so that no other writer is there. */
    void count(long address) {
        words.putLongRelease(address, words.getLongPlain(address) + 1);
    }
}
