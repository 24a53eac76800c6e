package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.explore.machine.MemoryMap;

/** What can go wrong with wake-ups. */
final class WakeMutants {
    private WakeMutants() {}

    static final class Never extends Meddler {
        @Override
        void wake(long address, int count) {}
    }

    /** The futex word is negative when somebody waits. */
    static final class OnPositiveOnly extends Meddler {
        private int old;

        @Override
        void begins() {
            old = 1;
        }

        @Override
        void afterFreeing(int word) {
            old = word;
        }

        @Override
        void wake(long address, int count) {
            if (old > 0) {
                super.wake(address, count);
            }
        }
    }

    /** As glibc, where the word was taken and the owner field looked at then. */
    static final class ForgottenByRefusal extends Meddler {
        private boolean refused;

        @Override
        void begins() {
            refused = false;
        }

        @Override
        int loaded(long address, int value) {
            refused |= isOwner(address) && value == OWNER_NOT_RECOVERABLE && isHeld();
            return value;
        }

        @Override
        void wake(long address, int count) {
            if (!refused) {
                super.wake(address, count);
            }
        }
    }

    /**
     * Who gives up wakes only if the word says that somebody waits: one is woken and has not looked yet when the mutex is taken again and
     * given up, and others sleep behind it.
     */
    static final class OfAnnouncedOnly extends Meddler {
        private boolean isAnnounced;

        @Override
        void begins() {
            isAnnounced = true;
        }

        @Override
        void afterFreeing(int word) {
            isAnnounced = (word & WAITERS) != 0;
        }

        @Override
        void wake(long address, int count) {
            if (isAnnounced) {
                super.wake(address, count);
            }
        }
    }

    static final class OneInsteadOfAll extends Meddler {
        @Override
        void wake(long address, int count) {
            super.wake(address, 1);
        }
    }

    /** The leaver who finds the word free does not pass on the wake-up that may have come to it. */
    static final class KeptByLeaver extends PendingMutants.Leaving {
        private boolean freed;

        KeptByLeaver(PendingMutants.Reason reason) {
            super(reason);
        }

        @Override
        void begins() {
            super.begins();
            freed = false;
        }

        @Override
        void afterFreeing(int old) {
            freed = true;
        }

        @Override
        void wake(long address, int count) {
            if (freed || !isThat()) {
                super.wake(address, count);
            }
        }
    }

    /** The leaver who finds the word taken does not see to it that its holder wakes somebody. */
    static final class NotOwedByNextHolder extends Meddler {
        private boolean leaves;

        @Override
        int loaded(long address, int value) {
            leaves = MemoryMap.isLock(address) || (leaves && !isOwner(address)); // who stays looks at the owner next
            return value;
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            boolean left = leaves && !isFree(expected) && value == (expected | WAITERS);
            return left || super.exchange(address, expected, value);
        }
    }
}
