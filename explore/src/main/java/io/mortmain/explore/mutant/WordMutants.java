package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.explore.machine.MemoryMap;

/** What can go wrong with the futex word. */
final class WordMutants {
    private WordMutants() {}

    static final class TakenWithoutCompare extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            if (!takes(expected, value)) {
                return super.exchange(address, expected, value);
            }
            boolean seen = honest().getIntVolatile(address) == expected;
            if (seen) {
                swap(address, value);
            }
            return seen;
        }
    }

    static final class ReleasedWithoutCompare extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            if (!isHeld() || !frees(expected, value) || (expected & WAITERS) != 0) {
                return super.exchange(address, expected, value);
            }
            swap(address, value);
            return true;
        }
    }

    static final class WaitersNotSticky extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            boolean assumed = takes(expected, value) && (expected & WAITERS) == 0;
            return super.exchange(address, expected, assumed ? value & ~WAITERS : value);
        }
    }

    static final class WaitersDroppedByHeir extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            boolean inherits = takes(expected, value) && (expected & OWNER_DIED) != 0;
            return super.exchange(address, expected, inherits ? value & ~WAITERS : value);
        }
    }

    static final class OwnerDiedDropped extends Meddler {
        private int seen;

        @Override
        void begins() {
            seen = 0;
        }

        @Override
        int loaded(long address, int value) {
            if (!MemoryMap.isLock(address) || !isFree(value)) {
                return value;
            }
            seen = value;
            return value & ~OWNER_DIED;
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            return super.exchange(address, takes(expected, value) ? seen : expected, value);
        }
    }

    static final class OwnerDiedKept extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            return super.exchange(address, expected, takes(expected, value) ? value | (expected & OWNER_DIED) : value);
        }
    }

    static final class SleepsWithoutWaiters extends Meddler {
        private boolean pretended;

        @Override
        int loaded(long address, int value) {
            pretended &= !MemoryMap.isLock(address);
            return value;
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            if (value != (expected | WAITERS)) {
                return super.exchange(address, expected, value);
            }
            pretended = true;
            return true;
        }

        @Override
        void await(long address, int expected, long nanos) {
            super.await(address, pretended ? expected & ~WAITERS : expected, nanos);
        }
    }

    static final class WaitersSetWithoutCompare extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            if (value != (expected | WAITERS) || isFree(expected)) {
                return super.exchange(address, expected, value);
            }
            swap(address, value);
            return true;
        }
    }

    /** The waiter takes the word of one that is gone as it is, and thinks it was free. */
    static final class DeadNumberTaken extends Meddler {
        private int seen;

        @Override
        void begins() {
            seen = 0;
        }

        @Override
        int loaded(long address, int value) {
            if (!MemoryMap.isLock(address) || isHeld() || isFree(value) || exists(value & TID_MASK)) {
                return value;
            }
            seen = value;
            return 0;
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            if (seen == 0 || !takes(expected, value)) {
                return super.exchange(address, expected, value);
            }
            return super.exchange(address, seen, value | (seen & WAITERS));
        }
    }
}
