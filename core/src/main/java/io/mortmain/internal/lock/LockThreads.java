package io.mortmain.internal.lock;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.OwnMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The threads of this process that have taken a robust mutex through Java; those that ended are forgotten as others come. */
public final class LockThreads {
    private static final int FIRST_SWEEP = 64;
    private static final List<LockThread> ALL = new ArrayList<>();
    private static int sweepAt = FIRST_SWEEP;

    private LockThreads() {}

    static synchronized void add(LockThread added) {
        if (ALL.size() >= sweepAt) {
            ALL.removeIf(LockThreads::hasEnded);
            sweepAt = Math.max(FIRST_SWEEP, 2 * ALL.size());
        }
        ALL.add(added);
    }

    private static boolean hasEnded(LockThread thread) {
        if (thread.thread().isAlive()) {
            return false;
        }
        ThreadSlots.giveBack(thread.slot);
        return true;
    }

    /** The thread that waits for, or hands over, a mutex behind the gate; the caller has begun to close it. */
    public static synchronized @Nullable LockThread inside(Gate gate) {
        for (LockThread thread : ALL) {
            if (thread.mutexInside(gate) != 0) {
                return thread;
            }
        }
        return null;
    }

    /**
     * Whether the thread with the given number is inside an acquisition of the mutex at this address, which has not succeeded: its
     * pending word leads there. A thread that holds the same mutex by another address, because C code mapped the file too, is not.
     */
    public static synchronized boolean isTaking(int threadId, long mutex) {
        for (LockThread thread : ALL) {
            if (thread.threadId() == threadId && thread.thread().isAlive()) {
                return isTaking(thread, mutex);
            }
        }
        return false;
    }

    /** As {@link #isTaking(int, long)}, of a thread that is alive. */
    static boolean isTaking(LockThread thread, long mutex) {
        byte[] pending = OwnMemory.copy(thread.head + RobustListLayout.PENDING, Long.BYTES);
        return pending.length == Long.BYTES
                && ByteBuffer.wrap(pending).order(ByteOrder.nativeOrder()).getLong() == mutex + GlibcMutexLayout.NODE;
    }

    /** How messages name a thread. */
    public static String nameOf(Thread thread) {
        if (!thread.isVirtual()) {
            return "thread \"" + thread.getName() + "\"";
        }
        return thread.getName().isEmpty()
                ? "virtual thread #" + thread.threadId()
                : "virtual thread \"" + thread.getName() + "\"";
    }

    /** How messages name the thread of this process with the given number; empty when it is not of this process. */
    public static synchronized String nameOf(int threadId) {
        for (LockThread thread : ALL) {
            if (thread.threadId() == threadId && thread.thread().isAlive()) {
                return thread.name() + " (TID " + threadId + ")";
            }
        }
        return KernelThread.isInThisProcess(threadId) ? "a native thread (TID " + threadId + ")" : "";
    }
}
