package io.mortmain.internal.owner;

import io.mortmain.internal.words.Kernel;

/** Of which nothing but wake-ups may be asked: who marks a word for others does nothing else. */
abstract class WakingKernel extends Kernel {
    @Override
    public void await(long address, int expected, long nanos, long scratch) {
        throw new AssertionError();
    }

    @Override
    public boolean tryReadLong(long address, long scratch) {
        throw new AssertionError();
    }

    @Override
    public long transferred(long scratch) {
        throw new AssertionError();
    }

    @Override
    public boolean tryWriteLong(long address, long value, long scratch) {
        throw new AssertionError();
    }

    @Override
    public boolean threadExists(int threadId) {
        throw new AssertionError();
    }

    @Override
    public long nanoTime() {
        throw new AssertionError();
    }
}
