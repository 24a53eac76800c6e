package io.mortmain.internal.journal;

/** Holders that commit too early, in parts, or not at all. */
final class CommitMutants {
    private CommitMutants() {}

    /** A transaction's words, each one late by one store. */
    static final class BeforeLastWord extends Holder {
        private Runnable heldBack = () -> {};

        @Override
        void storeData(long offset, long value) {
            if (undoing) {
                super.storeData(offset, value);
            } else {
                flush();
                heldBack = () -> super.storeData(offset, value);
            }
        }

        /** Also where a program that writes in place logs the next word. */
        @Override
        void storeUsed(int value) {
            if (value != 0) {
                flush();
            }
            super.storeUsed(value);
            flush();
        }

        private void flush() {
            heldBack.run();
            heldBack = () -> {};
        }
    }

    static final class WordByWord extends Holder {
        @Override
        void storeUsed(int value) {
            if (!undoing && value == 0) {
                for (int used = getIntAcquire(Block.USED) - 1; used > 0; used--) {
                    super.storeUsed(used);
                }
            }
            super.storeUsed(value);
        }
    }

    static final class TwoSteps extends Holder {
        @Override
        void storeUsed(int value) {
            int used = getIntAcquire(Block.USED);
            if (!undoing && value == 0 && used > 1) {
                super.storeUsed(used / 2);
            }
            super.storeUsed(value);
        }
    }

    static final class Forgotten extends Holder {
        @Override
        void storeUsed(int value) {
            if (undoing || value != 0) {
                super.storeUsed(value);
            }
        }
    }
}
