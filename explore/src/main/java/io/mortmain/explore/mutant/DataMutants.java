package io.mortmain.explore.mutant;

import io.mortmain.explore.machine.DataRules;
import io.mortmain.explore.program.Mutant;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.words.SharedBytes;

/** What can go wrong with the journal of a guarded object. */
final class DataMutants {
    private DataMutants() {}

    static final class RolledBackIfTold extends Mutant {
        @Override
        public boolean looksAlways() {
            return false;
        }
    }

    static final class EmptiedWithoutUndoing extends Mutant {
        @Override
        public SharedBytes bytes(SharedBytes honest) {
            return new Meddling(honest) {
                @Override
                public void putLong(long offset, long value) {
                    if (isWriting() || offset < DataRules.DATA) {
                        super.putLong(offset, value);
                    }
                }
            };
        }
    }

    static final class NeverValid extends Mutant {
        @Override
        public SharedBytes bytes(SharedBytes honest) {
            return new Meddling(honest) {
                @Override
                public void putIntRelease(long offset, int value) {
                    if (offset != GuardedBlockLayout.JOURNAL_USED || value == 0) {
                        super.putIntRelease(offset, value);
                    }
                }
            };
        }
    }

    static final class CommittedBeforeLastWord extends Mutant {
        @Override
        public SharedBytes bytes(SharedBytes honest) {
            return new Meddling(honest) {
                private long late;

                @Override
                public void putIntRelease(long offset, int value) {
                    boolean commits = isWriting() && offset == GuardedBlockLayout.JOURNAL_USED && value == 0;
                    super.putIntRelease(offset, value);
                    if (commits) {
                        super.putLong(DataRules.DATA + Long.BYTES, late);
                    }
                }

                @Override
                public void putLong(long offset, long value) {
                    if (isWriting() && offset == DataRules.DATA + Long.BYTES) {
                        late = value;
                    } else {
                        super.putLong(offset, value);
                    }
                }
            };
        }
    }

    /** As it is; knows a transaction, which has made entries valid itself, from a roll-back. */
    private abstract static class Meddling extends SharedBytes {
        private final SharedBytes honest;
        private boolean writing;

        Meddling(SharedBytes honest) {
            this.honest = honest;
        }

        boolean isWriting() {
            return writing;
        }

        @Override
        public int getIntAcquire(long offset) {
            return honest.getIntAcquire(offset);
        }

        @Override
        public void putIntRelease(long offset, int value) {
            honest.putIntRelease(offset, value);
            writing = offset == GuardedBlockLayout.JOURNAL_USED && value != 0;
        }

        @Override
        public long getLong(long offset) {
            return honest.getLong(offset);
        }

        @Override
        public void putLong(long offset, long value) {
            honest.putLong(offset, value);
        }

        @Override
        public void storeStoreFence() {
            honest.storeStoreFence();
        }
    }
}
