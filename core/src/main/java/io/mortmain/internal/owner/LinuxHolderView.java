package io.mortmain.internal.owner;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.OtherMemory;
import io.mortmain.internal.linux.ThreadStatus;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** A thread as this machine's kernel shows it. */
final class LinuxHolderView extends HolderView {
    private final long mutex;
    private final int threadId;

    /** @param mutex address in this process */
    LinuxHolderView(long mutex, int threadId) {
        this.mutex = mutex;
        this.threadId = threadId;
    }

    @Override
    RobustListLook.Verdict lookAtList() {
        return RobustListLook.at(threadId, mutex);
    }

    /** Reads through the kernel: the waiter may have left, and the page be gone. */
    @Override
    boolean isInWord() {
        try (OtherMemory own = new OtherMemory(KernelThread.id())) {
            OptionalLong word = own.readLong(mutex + GlibcMutexLayout.LOCK);
            return word.isPresent() && ((int) word.getAsLong() & GlibcMutexLayout.TID_MASK) == threadId;
        }
    }

    @Override
    long switchesWhileAsleep() {
        return ThreadStatus.switchesWhileAsleep(threadId);
    }

    @Override
    boolean wasOffProcessor() {
        return ThreadStatus.wasOffProcessor(threadId);
    }

    @Override
    boolean sleepsBeforePendingMutex() {
        OptionalLong word = RobustListLook.pendingWord(threadId);
        return word.isPresent() && word.equals(ThreadStatus.futexAwaited(threadId));
    }

    @Override
    void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }
}
