package io.mortmain.internal.lock;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;

/** Makes threads of the protocol with memory that a test gives, for any one thread at a time to act as. */
public final class StressThread {
    private StressThread() {}

    /**
     * A thread of the protocol.
     *
     * @param slot zeroed native memory of {@link ThreadSlotLayout#SIZE} bytes
     * @param head zeroed memory for the list head, with room for the back link before it
     * @param words where that is
     */
    public static LockThread of(int number, long slot, long head, Words words) {
        words.putLongRelease(head + RobustListLayout.FIRST, head);
        words.putLongRelease(head + GlibcMutexLayout.NODE_TO_PREVIOUS, head);
        words.putLongRelease(head + RobustListLayout.FUTEX_OFFSET, GlibcMutexLayout.FUTEX_OFFSET);
        MappedWords.INSTANCE.putIntRelease(slot + ThreadSlotLayout.THREAD_ID, number);
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
