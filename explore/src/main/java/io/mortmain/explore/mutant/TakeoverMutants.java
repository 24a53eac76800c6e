package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.explore.machine.MemoryMap;
import java.util.function.BooleanSupplier;

/** What can go wrong where a death is seen that the kernel did not report. */
final class TakeoverMutants {
    private TakeoverMutants() {}

    static final class WaitersDroppedByMark extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            return super.exchange(address, expected, marks(expected, value) ? value & ~WAITERS : value);
        }
    }

    static final class MarkedWithoutWake extends Meddler {
        private boolean marked;

        @Override
        boolean exchange(long address, int expected, int value) {
            boolean done = super.exchange(address, expected, value);
            marked = done && marks(expected, value);
            return done;
        }

        @Override
        void wake(long address, int count) {
            if (!marked) {
                super.wake(address, count);
            }
        }
    }

    static final class MarkedOutOfTurn extends Meddler {
        @Override
        boolean take(long address, BooleanSupplier step) {
            return step.getAsBoolean();
        }
    }

    static final class ProofNotRepeated extends Meddler {
        @Override
        boolean exists(int threadId) {
            return !isInTurn() && super.exists(threadId);
        }

        @Override
        boolean isGone(int threadId) {
            return isInTurn() || super.isGone(threadId);
        }
    }

    /**
     * A number that was gone once in this wait stays so, whoever has it now. It sleeps a nanosecond longer when it knows one, so that what it
     * remembers can be told from outside.
     */
    static final class NumberRemembered extends Meddler {
        private int gone;

        @Override
        void begins() {
            gone = 0;
        }

        @Override
        boolean isGone(int threadId) {
            if (gone != threadId && super.isGone(threadId)) {
                gone = threadId;
            }
            return gone == threadId;
        }

        @Override
        void await(long address, int expected, long nanos) {
            super.await(address, expected, gone == 0 ? nanos : nanos + 1);
        }
    }

    static final class NotCheckedAfterTakeover extends Meddler {
        private int marked;

        @Override
        void begins() {
            marked = 0;
        }

        @Override
        int loaded(long address, int value) {
            return marked != 0 && MemoryMap.isLock(address) ? marked : value;
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            if (marked != 0 && expected == marked) {
                marked = 0;
                swap(address, value);
                return true;
            }
            boolean done = super.exchange(address, expected, value);
            marked = done && marks(expected, value) ? value : marked;
            return done;
        }
    }

    static final class LivingCondemned extends Meddler {
        @Override
        boolean isGone(int threadId) {
            return true;
        }
    }

    /** Who has slept so long that nobody else can run any more says that the holder is gone; one that lives, and left its number, is not. */
    static final class PatienceTakenForProof extends Meddler {
        private static final long PATIENCE_NANOS = 50_000_000;

        @Override
        boolean exists(int threadId) {
            return clock() < PATIENCE_NANOS && super.exists(threadId);
        }
    }

    static final class KernelBelieved extends Meddler {
        @Override
        boolean exists(int threadId) {
            return true;
        }

        @Override
        boolean isGone(int threadId) {
            return false;
        }
    }

    static final class ExistenceMistaken extends Meddler {
        @Override
        boolean exists(int threadId) {
            return false;
        }
    }

    static final class OwnNumberBelieved extends Meddler {
        @Override
        boolean holds(long address) {
            return true;
        }
    }
}
