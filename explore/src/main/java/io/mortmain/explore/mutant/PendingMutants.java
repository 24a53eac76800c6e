package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;

import io.mortmain.explore.machine.MemoryMap;

/** What can go wrong with the pending word, which leads the kernel to a mutex that is being locked or unlocked. */
final class PendingMutants {
    private PendingMutants() {}

    static final class NeverSet extends Meddler {
        @Override
        boolean isStored(long address, long value) {
            return !isPending(address) || value == 0;
        }
    }

    static final class SetAfterWord extends Meddler {
        private long due;

        @Override
        boolean isStored(long address, long value) {
            if (isPending(address)) {
                due = isHeld() ? 0 : value;
            }
            return due == 0 || !isPending(address);
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            boolean done = super.exchange(address, expected, value);
            if (done && takes(expected, value) && due != 0) {
                storeLong(head() + PENDING, due);
                due = 0;
            }
            return done;
        }
    }

    static final class ClearedBeforeLink extends Meddler {
        @Override
        void storeLong(long address, long value) {
            if (isFirst(address) && value == node()) {
                super.storeLong(head() + PENDING, 0);
            }
            super.storeLong(address, value);
        }
    }

    static final class ClearedBeforeRelease extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            if (isHeld() && frees(expected, value)) {
                storeLong(head() + PENDING, 0);
            }
            return super.exchange(address, expected, value);
        }

        @Override
        int swap(long address, int value) {
            if (isHeld()) {
                storeLong(head() + PENDING, 0);
            }
            return super.swap(address, value);
        }
    }

    /** Whoever releases is killed between the word and the wake-up, and the kernel does not know of whom to wake. */
    static final class ClearedBeforeWake extends Meddler {
        @Override
        void wake(long address, int count) {
            storeLong(head() + PENDING, 0);
            super.wake(address, count);
        }
    }

    /** Why a thread leaves without the mutex. */
    enum Reason {
        TIME_OUT,
        REFUSAL,
        INTERRUPT
    }

    /** A slow lock that ends without the mutex. */
    abstract static class Leaving extends Meddler {
        private final Reason reason;
        private boolean slow;
        private boolean unlocks;
        private boolean refused;

        Leaving(Reason reason) {
            this.reason = reason;
        }

        @Override
        void begins() {
            slow = false;
            refused = false;
            unlocks = isHeld();
        }

        @Override
        int loaded(long address, int value) {
            slow |= MemoryMap.isLock(address);
            refused |= isOwner(address) && value == OWNER_NOT_RECOVERABLE;
            return value;
        }

        /** Whether it is that, as far as can be seen by now. */
        final boolean isThat() {
            if (unlocks || !slow || isHeld()) {
                return false;
            }
            boolean interrupted = Thread.currentThread().isInterrupted();
            return reason == (refused ? Reason.REFUSAL : interrupted ? Reason.INTERRUPT : Reason.TIME_OUT);
        }
    }

    static final class Left extends Leaving {
        Left(Reason reason) {
            super(reason);
        }

        @Override
        boolean isStored(long address, long value) {
            return !isPending(address) || value != 0 || !isThat();
        }
    }
}
