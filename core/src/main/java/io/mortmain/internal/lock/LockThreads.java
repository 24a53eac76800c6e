package io.mortmain.internal.lock;

import io.mortmain.internal.linux.KernelThread;
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

    /** How messages name the thread of this process with the given number; empty when it is not of this process. */
    public static synchronized String nameOf(int threadId) {
        for (LockThread thread : ALL) {
            if (thread.threadId() == threadId && thread.thread().isAlive()) {
                return "thread \"" + thread.thread().getName() + "\" (TID " + threadId + ")";
            }
        }
        return KernelThread.isInThisProcess(threadId) ? "a native thread (TID " + threadId + ")" : "";
    }
}
