package io.mortmain.stress.memory;

import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;

/** The shipped words, for a test to weaken one access. */
class DecoratedWords extends Words {
    private static final MappedWords WORDS = MappedWords.INSTANCE;

    @Override
    public int getIntPlain(long address) {
        return WORDS.getIntPlain(address);
    }

    @Override
    public int getIntOpaque(long address) {
        return WORDS.getIntOpaque(address);
    }

    @Override
    public int getIntVolatile(long address) {
        return WORDS.getIntVolatile(address);
    }

    @Override
    public void putIntRelease(long address, int value) {
        WORDS.putIntRelease(address, value);
    }

    @Override
    public boolean compareAndSetInt(long address, int expected, int value) {
        return WORDS.compareAndSetInt(address, expected, value);
    }

    @Override
    public int getAndSetInt(long address, int value) {
        return WORDS.getAndSetInt(address, value);
    }

    @Override
    public long getLongPlain(long address) {
        return WORDS.getLongPlain(address);
    }

    @Override
    public long getLongOpaque(long address) {
        return WORDS.getLongOpaque(address);
    }

    @Override
    public long getLongVolatile(long address) {
        return WORDS.getLongVolatile(address);
    }

    @Override
    public void putLongRelease(long address, long value) {
        WORDS.putLongRelease(address, value);
    }
}
