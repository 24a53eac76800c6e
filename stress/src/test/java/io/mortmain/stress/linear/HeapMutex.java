package io.mortmain.stress.linear;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.Outcome;
import io.mortmain.internal.lock.RobustProtocol;
import io.mortmain.internal.lock.SlowPaths;
import io.mortmain.internal.lock.StressThread;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import java.lang.foreign.Arena;

/** One mutex on the heap, some threads, and the shipped protocol between them. */
final class HeapMutex {
    /** Lincheck counts them from 1. */
    static final int THREADS = 4;

    private static final int KIND =
            GlibcMutexLayout.KIND_ERROR_CHECKING | GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED;
    private static final long MUTEX = HeapMemory.BASE;
    private static final long HEADS = MUTEX + MutexSlotLayout.SIZE + 64;
    private static final int HEAD_SIZE = 64;
    private static final int FIRST_NUMBER = 1001;
    /** Each thread's number stands there, and is the same in every world. */
    private static final long SLOTS = Arena.global()
            .allocate((long) THREADS * ThreadSlotLayout.SIZE, ThreadSlotLayout.SIZE)
            .address();

    private final RobustProtocol protocol;
    private final LockThread[] threads = new LockThread[THREADS];
    private final Gate gate = new Gate();

    HeapMutex(HeapMemory words) {
        this(words, new HeapKernel(words));
    }

    HeapMutex(HeapMemory words, HeapKernel kernel) {
        protocol = RobustProtocol.over(words, kernel, Witness.BLIND, MarkerTurn.UNDISPUTED);
        words.putIntRelease(MUTEX + GlibcMutexLayout.KIND, KIND);
        for (int i = 0; i < THREADS; i++) {
            threads[i] = StressThread.of(
                    FIRST_NUMBER + i, SLOTS + (long) i * ThreadSlotLayout.SIZE, HEADS + (long) i * HEAD_SIZE, words);
        }
    }

    static int threadWith(long slot) {
        return (int) ((slot - SLOTS) / ThreadSlotLayout.SIZE);
    }

    /** As RobustMutex.lock. */
    void lock(int thread) {
        Outcome outcome = lock(thread, SlowPaths.FOREVER);
        if (outcome != Outcome.ACQUIRED) {
            throw new IllegalStateException(outcome.name());
        }
    }

    /** As RobustMutex.tryLock. */
    boolean tryLock(int thread) {
        return lock(thread, 0) == Outcome.ACQUIRED;
    }

    private Outcome lock(int thread, long nanos) {
        LockThread me = threads[thread];
        return protocol.lockUncontended(me, MUTEX, KIND, gate)
                ? Outcome.ACQUIRED
                : protocol.slowPaths().lock(me, MUTEX, KIND, gate, nanos, false);
    }

    /** As Hold.close. */
    boolean unlock(int thread) {
        LockThread me = threads[thread];
        return protocol.unlockUncontended(me, MUTEX, gate)
                || protocol.slowPaths().unlock(me, MUTEX, KIND, gate) == Outcome.RELEASED;
    }
}
