package io.mortmain.internal.journal;

import java.util.ArrayList;
import java.util.List;

/** Holders whose stores of a transaction are in another order, or in none. */
final class OrderMutants {
    private OrderMutants() {}

    /** Words as they are given, everything of the journal behind them. */
    static final class LogLast extends Holder {
        private final List<Runnable> heldBack = new ArrayList<>();

        @Override
        void storeEntry(long offset, long value) {
            heldBack.add(() -> super.storeEntry(offset, value));
        }

        @Override
        void storeUsed(int value) {
            if (value == 0) {
                heldBack.forEach(Runnable::run);
                heldBack.clear();
                super.storeUsed(0);
                super.fence();
            } else {
                heldBack.add(() -> super.storeUsed(value));
                heldBack.add(super::fence);
            }
        }

        /** Made together with the store of used before it. */
        @Override
        void fence() {}
    }

    static final class UsedFirst extends Holder {
        private final List<Runnable> heldBack = new ArrayList<>();

        @Override
        void storeEntry(long offset, long value) {
            heldBack.add(() -> super.storeEntry(offset, value));
        }

        @Override
        void storeUsed(int value) {
            super.storeUsed(value);
            heldBack.forEach(Runnable::run);
            heldBack.clear();
        }
    }

    /** Where used is stored without release: by who undoes, or in a transaction, there where it counts, or where it commits. */
    static final class Plain extends Holder {
        private final boolean whenUndoing;
        private final boolean counting;

        Plain(boolean whenUndoing, boolean counting) {
            this.whenUndoing = whenUndoing;
            this.counting = counting;
        }

        @Override
        void storeUsed(int value) {
            if (undoing == whenUndoing && (value != 0) == counting) {
                memory.putIntPlain(Block.USED, value);
            } else {
                super.storeUsed(value);
            }
        }
    }

    static final class Unfenced extends Holder {
        private final boolean counting;
        private int used;

        Unfenced(boolean counting) {
            this.counting = counting;
        }

        @Override
        void storeUsed(int value) {
            used = value;
            super.storeUsed(value);
        }

        @Override
        void fence() {
            if ((used != 0) != counting) {
                super.fence();
            }
        }
    }

    static final class FencedBefore extends Holder {
        private int used;

        @Override
        void storeUsed(int value) {
            used = value;
            if (value != 0) {
                super.fence();
            }
            super.storeUsed(value);
        }

        @Override
        void fence() {
            if (used == 0) {
                super.fence();
            }
        }
    }
}
