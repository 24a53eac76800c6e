package io.mortmain.stress.memory;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.RobustProtocol;
import io.mortmain.internal.lock.StressThread;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;

/** One mutex in native memory, two threads, each for one actor, and the shipped protocol. */
abstract class Scene {
    static final int FIRST_NUMBER = 1001;
    static final int SECOND_NUMBER = 1002;
    static final int KIND =
            GlibcMutexLayout.KIND_ERROR_CHECKING | GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED;
    static final MappedWords WORDS = MappedWords.INSTANCE;
    static final RobustProtocol SHIPPED = protocol(WORDS, new DirectKernel());

    final long mutex = NativeMemory.next().address();
    final LockThread first = thread(FIRST_NUMBER, mutex + MutexSlotLayout.SIZE);
    final LockThread second = thread(SECOND_NUMBER, mutex + MutexSlotLayout.SIZE + ThreadSlotLayout.SIZE);
    final Gate gate = new Gate();

    Scene() {
        WORDS.putIntRelease(mutex + GlibcMutexLayout.KIND, KIND);
    }

    private static LockThread thread(int number, long slot) {
        return StressThread.of(number, slot, slot + ThreadSlotLayout.PRIVATE_HEAD, WORDS);
    }

    static RobustProtocol protocol(Words words, Kernel kernel) {
        return RobustProtocol.over(words, kernel, Witness.BLIND, MarkerTurn.UNDISPUTED);
    }

    /** The futex word. */
    final int word() {
        return WORDS.getIntVolatile(mutex + GlibcMutexLayout.LOCK);
    }

    final boolean isPending(LockThread thread) {
        return WORDS.getLongVolatile(StressThread.head(thread) + RobustListLayout.PENDING)
                == mutex + GlibcMutexLayout.NODE;
    }

    /** Whether the mutex is first on the thread's list. */
    final boolean isListed(LockThread thread) {
        return WORDS.getLongVolatile(StressThread.head(thread) + RobustListLayout.FIRST)
                == mutex + GlibcMutexLayout.NODE;
    }

    /** In a place: true is 1, as results have it. */
    static int bit(boolean value) {
        return value ? 1 : 0;
    }
}
