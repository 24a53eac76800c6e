package io.mortmain.explore.search;

import io.mortmain.explore.mutant.Mutant;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.words.Words;

/** A library that never says which mutex it is about to take or to release: who dies between word and list dies unseen. */
final class Forgetful extends Mutant {
    @Override
    public Words words(Words words, long head) {
        return new WithoutPending(words, head + RobustListLayout.PENDING);
    }

    private static final class WithoutPending extends Words {
        private final Words words;
        private final long pending;

        WithoutPending(Words words, long pending) {
            this.words = words;
            this.pending = pending;
        }

        @Override
        public void putLongRelease(long address, long value) {
            if (address != pending) {
                words.putLongRelease(address, value);
            }
        }

        @Override
        public int getIntPlain(long address) {
            return words.getIntPlain(address);
        }

        @Override
        public int getIntOpaque(long address) {
            return words.getIntOpaque(address);
        }

        @Override
        public int getIntVolatile(long address) {
            return words.getIntVolatile(address);
        }

        @Override
        public void putIntRelease(long address, int value) {
            words.putIntRelease(address, value);
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            return words.compareAndSetInt(address, expected, value);
        }

        @Override
        public int getAndSetInt(long address, int value) {
            return words.getAndSetInt(address, value);
        }

        @Override
        public long getLongPlain(long address) {
            return words.getLongPlain(address);
        }

        @Override
        public long getLongOpaque(long address) {
            return words.getLongOpaque(address);
        }

        @Override
        public long getLongVolatile(long address) {
            return words.getLongVolatile(address);
        }
    }
}
