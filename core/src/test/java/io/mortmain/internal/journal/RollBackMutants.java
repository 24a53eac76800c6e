package io.mortmain.internal.journal;

import java.util.ArrayList;
import java.util.List;

/** Holders that undo wrongly what their predecessor left. */
final class RollBackMutants {
    private RollBackMutants() {}

    /** The words when all is known: from the oldest entry to the newest, or behind the store that says that all is done. */
    static final class Reordered extends Holder {
        private final boolean clearsFirst;
        private final List<Runnable> heldBack = new ArrayList<>();

        Reordered(boolean clearsFirst) {
            this.clearsFirst = clearsFirst;
        }

        @Override
        void storeData(long offset, long value) {
            if (undoing) {
                heldBack.add(() -> super.storeData(offset, value));
            } else {
                super.storeData(offset, value);
            }
        }

        @Override
        void storeUsed(int value) {
            if (clearsFirst) {
                super.storeUsed(value);
                heldBack.forEach(Runnable::run);
            } else {
                heldBack.reversed().forEach(Runnable::run);
                super.storeUsed(value);
            }
            heldBack.clear();
        }
    }

    static final class Newest extends Holder {
        private boolean leftOut;

        @Override
        void storeData(long offset, long value) {
            if (!undoing || leftOut) {
                super.storeData(offset, value);
            } else {
                leftOut = true;
            }
        }
    }

    static final class NotCleared extends Holder {
        @Override
        void storeUsed(int value) {
            if (!undoing) {
                super.storeUsed(value);
            }
        }
    }

    static final class Once extends Holder {
        @Override
        void acquired(Journal journal, boolean told, int deadBefore) {
            if (deadBefore > 0) {
                journal.commit();
            } else {
                super.acquired(journal, told, deadBefore);
            }
        }
    }

    static final class IfTold extends Holder {
        @Override
        void acquired(Journal journal, boolean told, int deadBefore) {
            if (told) {
                super.acquired(journal, true, deadBefore);
            }
        }
    }
}
