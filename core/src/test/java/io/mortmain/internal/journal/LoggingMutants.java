package io.mortmain.internal.journal;

import static io.mortmain.internal.layout.GuardedBlockLayout.ENTRY_OLD_VALUE;
import static io.mortmain.internal.layout.GuardedBlockLayout.ENTRY_SIZE;
import static io.mortmain.internal.layout.GuardedBlockLayout.ENTRY_WORD;

import java.util.HashMap;
import java.util.Map;

/** Holders that log something else than they should. */
final class LoggingMutants {
    private LoggingMutants() {}

    private static boolean isField(long offset, int field) {
        return (offset - Block.ENTRIES) % ENTRY_SIZE == field;
    }

    static final class FirstOnly extends Holder {
        @Override
        void storeUsed(int value) {
            super.storeUsed(Math.min(value, 1));
        }
    }

    static final class Miscounted extends Holder {
        private final int by;

        Miscounted(int by) {
            this.by = by;
        }

        @Override
        void storeUsed(int value) {
            super.storeUsed(value == 0 ? 0 : Math.min(value + by, Block.CAPACITY));
        }
    }

    static final class SameEntry extends Holder {
        @Override
        void storeEntry(long offset, long value) {
            super.storeEntry(Block.ENTRIES + (offset - Block.ENTRIES) % ENTRY_SIZE, value);
        }
    }

    static final class OtherWord extends Holder {
        private final long by;

        OtherWord(long by) {
            this.by = by;
        }

        @Override
        void storeEntry(long offset, long value) {
            super.storeEntry(offset, isField(offset, ENTRY_WORD) ? value + by : value);
        }
    }

    static final class OldValueLate extends Holder {
        private final Map<Long, Long> entryOfWord = new HashMap<>();

        @Override
        void storeEntry(long offset, long value) {
            if (isField(offset, ENTRY_WORD)) {
                entryOfWord.put(Block.BEGIN + value, offset);
            }
            super.storeEntry(offset, value);
        }

        @Override
        void storeData(long offset, long value) {
            super.storeData(offset, value);
            if (!undoing) {
                super.storeEntry(entryOfWord.getOrDefault(offset, Block.ENTRIES) + ENTRY_OLD_VALUE, value);
            }
        }
    }

    static final class BehindData extends Holder {
        @Override
        void storeData(long offset, long value) {
            super.storeData(offset, value);
            if (!undoing) {
                super.storeData(Block.DATA_END, value);
            }
        }
    }
}
