package io.mortmain.internal.lock;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.words.Words;

/** Makes threads of the protocol with memory that a test gives, for any one thread at a time to act as. */
public final class StressThread {
    private StressThread() {}

    /**
     * A thread of the protocol.
     *
     * @param slot zeroed memory of {@link ThreadSlotLayout#SIZE} bytes, with the list head in it
     * @param words where that memory is
     */
    public static LockThread of(int number, long slot, Words words) {
        long head = slot + ThreadSlotLayout.PRIVATE_HEAD;
        words.putLongRelease(head + RobustListLayout.FIRST, head);
        words.putLongRelease(head + GlibcMutexLayout.NODE_TO_PREVIOUS, head);
        words.putLongRelease(head + RobustListLayout.FUTEX_OFFSET, GlibcMutexLayout.FUTEX_OFFSET);
        words.putIntRelease(slot + ThreadSlotLayout.THREAD_ID, number);
        return new LockThread(Thread.currentThread(), number, slot, head);
    }

    /** Where its list begins. */
    public static long head(LockThread thread) {
        return thread.head;
    }

    /** As each slow path begins. */
    public static void enter(LockThread thread, Gate gate, long mutex) {
        thread.enter(gate, mutex);
    }
}
