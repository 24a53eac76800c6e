package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.GlibcMutexLayout.COUNT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.USERS;

import io.mortmain.explore.machine.MemoryMap;

/** What can go wrong with the owner field and its neighbours, and with what is told by them. */
final class OwnerMutants {
    private OwnerMutants() {}

    static final class GivenUpAfterRelease extends Meddler {
        private boolean due;

        @Override
        boolean isStored(long address, long value) {
            boolean givesUp = isOwner(address) && value == OWNER_NOT_RECOVERABLE;
            due |= givesUp;
            return !givesUp;
        }

        @Override
        void afterFreeing(int old) {
            if (due) {
                due = false;
                store(mutex() + OWNER, OWNER_NOT_RECOVERABLE);
            }
        }
    }

    static final class InconsistentNotWritten extends Meddler {
        @Override
        boolean isStored(long address, long value) {
            return !isOwner(address) || value != OWNER_INCONSISTENT;
        }
    }

    /** The holder who was told declares the data consistent, and nothing is written. */
    static final class ConsistentNotWritten extends Meddler {
        private boolean inconsistent;

        @Override
        int loaded(long address, int value) {
            inconsistent = isOwner(address) ? value == OWNER_INCONSISTENT : inconsistent;
            return value;
        }

        @Override
        boolean isStored(long address, long value) {
            boolean declares = isOwner(address) && value > 0 && value <= TID_MASK && inconsistent;
            return !declares;
        }
    }

    static final class ConsistentBeforeTold extends Meddler {
        private int number;

        @Override
        boolean exchange(long address, int expected, int value) {
            number = takes(expected, value) ? value & TID_MASK : number;
            return super.exchange(address, expected, value);
        }

        @Override
        void store(long address, int value) {
            super.store(address, value);
            if (isOwner(address) && value == OWNER_INCONSISTENT) {
                super.store(address, number);
            }
        }
    }

    /** The look at the owner field before the word is taken, or the one after it. */
    static final class RefusalSkipped extends Meddler {
        private final boolean after;

        RefusalSkipped(boolean after) {
            this.after = after;
        }

        @Override
        int loaded(long address, int value) {
            return isOwner(address) && value == OWNER_NOT_RECOVERABLE && isHeld() == after ? 0 : value;
        }
    }

    static final class ResetClearsEarly extends Meddler {
        private boolean slow;
        private boolean asked;
        private boolean cleared;

        @Override
        void begins() {
            slow = false;
            asked = false;
            cleared = false;
        }

        @Override
        int loaded(long address, int value) {
            slow |= MemoryMap.isLock(address);
            asked |= isOwner(address); // only a reset takes a word without having looked
            return cleared && isOwner(address) ? OWNER_NOT_RECOVERABLE : value;
        }

        @Override
        boolean exchange(long address, int expected, int value) {
            boolean done = super.exchange(address, expected, value);
            if (done && takes(expected, value) && slow && !asked) {
                cleared = honest().getIntOpaque(address + OWNER) == OWNER_NOT_RECOVERABLE;
                if (cleared) {
                    store(address + OWNER, 0);
                }
            }
            return done;
        }
    }

    static final class OwnerNotCleared extends Meddler {
        @Override
        void storeLong(long address, long value) {
            if (isOwner(address) && (int) value == 0) {
                super.store(address + USERS - OWNER, (int) (value >>> Integer.SIZE));
            } else {
                super.storeLong(address, value);
            }
        }
    }

    static final class CountNotSet extends Meddler {
        @Override
        boolean isStored(long address, long value) {
            return !MemoryMap.isInMutex(address) || MemoryMap.fieldAt(address) != COUNT;
        }
    }

    static final class UsersNotCountedDown extends Meddler {
        @Override
        void storeLong(long address, long value) {
            if (isOwner(address) && (int) value == 0) {
                super.store(address, 0);
            } else {
                super.storeLong(address, value);
            }
        }
    }

    /** A repair that failed hands the death on, and nobody hears of it. */
    static final class HandedOnAsFree extends Meddler {
        private boolean handsOn;

        @Override
        void begins() {
            handsOn = false;
        }

        @Override
        void store(long address, int value) {
            handsOn |= isOwner(address) && value == OWNER_INCONSISTENT;
            super.store(address, value);
        }

        @Override
        int swap(long address, int value) {
            return super.swap(address, handsOn ? value & ~OWNER_DIED : value);
        }
    }

    /** A reset that finds nothing to reset gives the word back as free, whatever it was. */
    static final class GivenBackAsFree extends Meddler {
        private boolean linked;

        @Override
        void begins() {
            linked = isHeld();
        }

        @Override
        int swap(long address, int value) {
            return super.swap(address, linked ? value : value & ~OWNER_DIED);
        }
    }

    static final class ToldTwice extends Meddler {
        @Override
        boolean exchange(long address, int expected, int value) {
            boolean keeps = takes(expected, value) || (isHeld() && frees(expected, value));
            return super.exchange(address, expected, keeps ? value | (expected & OWNER_DIED) : value);
        }
    }
}
