package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.LINK_PI;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * What the kernel does for a thread that ends: {@code exit_robust_list} and {@code handle_futex_death}, linux kernel/futex/core.c. Each
 * access is one of the machine's, so that other threads run between them.
 */
public final class RobustWalk {
    private final Words words;
    private final Kernel kernel;
    private final long head;
    private final int threadId;
    private final int limit;

    /**
     * @param limit how many nodes it follows: {@link RobustListLayout#LIMIT}, or fewer to see what lies beyond
     */
    public RobustWalk(Words words, Kernel kernel, long head, int threadId, int limit) {
        this.words = words;
        this.kernel = kernel;
        this.head = head;
        this.threadId = threadId;
        this.limit = limit;
    }

    /** The whole walk. A node that cannot be read ends it, and the pending one is not looked at then. Of a head that cannot be read, nothing is. */
    public void run() {
        if (!kernel.tryReadLong(head + RobustListLayout.FIRST, 0)) {
            return;
        }
        long entry = kernel.transferred(0);
        if (!kernel.tryReadLong(head + RobustListLayout.FUTEX_OFFSET, 0)) {
            return;
        }
        long offset = kernel.transferred(0);
        if (!kernel.tryReadLong(head + RobustListLayout.PENDING, 0)) {
            return;
        }
        walk(entry, offset, kernel.transferred(0));
    }

    private void walk(long entry, long offset, long pending) {
        for (int left = limit; left > 0 && address(entry) != head; left--) {
            boolean readable = kernel.tryReadLong(address(entry), 0);
            long next = readable ? kernel.transferred(0) : 0;
            if (address(entry) != address(pending) && !die(entry, offset, false)) {
                return;
            }
            if (!readable) {
                return;
            }
            entry = next;
        }
        if (pending != 0) {
            die(pending, offset, true);
        }
    }

    /** False where the futex word cannot be reached. */
    private boolean die(long entry, long offset, boolean isPending) {
        long word = address(entry) + offset;
        boolean inheriting = (entry & LINK_PI) != 0;
        if (word % Integer.BYTES != 0) {
            return false;
        }
        for (; ; ) {
            if (!kernel.tryReadLong(word - word % Long.BYTES, 0)) { // its 4 bytes may be the last that are mapped
                return false;
            }
            int value = (int) (kernel.transferred(0) >>> (word % Long.BYTES * Byte.SIZE));
            // Marked too: the wake-up for the mark may have come to this thread. Linux before 6.2 wakes for a word of 0
            // only.
            if (isPending && !inheriting && (value & TID_MASK) == 0) {
                kernel.wake(word, 1);
                return true;
            }
            if ((value & TID_MASK) != threadId) {
                return true;
            }
            if (words.compareAndSetInt(word, value, (value & WAITERS) | OWNER_DIED)) {
                if (!inheriting && (value & WAITERS) != 0) {
                    kernel.wake(word, 1);
                }
                return true;
            }
        }
    }

    private static long address(long entry) {
        return entry & ~LINK_PI;
    }
}
