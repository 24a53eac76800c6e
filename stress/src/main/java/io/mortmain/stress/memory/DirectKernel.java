package io.mortmain.stress.memory;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.MappedWords;

/** A kernel without system calls, so that what races is close together: all memory is there, all threads live, nobody sleeps. */
class DirectKernel extends Kernel {
    private static final int PAUSE = 4;
    private static final MappedWords WORDS = MappedWords.INSTANCE;

    @Override
    public void await(long address, int expected, long nanos, long scratch) {
        Thread.onSpinWait();
    }

    @Override
    public void wake(long address, int count) {
        pause();
    }

    /** About as long as a short system call, for others to look in. */
    static void pause() {
        for (int i = 0; i < PAUSE; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public boolean tryReadLong(long address, long scratch) {
        WORDS.putLongRelease(scratch + ThreadSlotLayout.TRANSFER, WORDS.getLongVolatile(address));
        return true;
    }

    @Override
    public long transferred(long scratch) {
        return WORDS.getLongPlain(scratch + ThreadSlotLayout.TRANSFER);
    }

    @Override
    public boolean tryWriteLong(long address, long value, long scratch) {
        WORDS.putLongRelease(address, value);
        return true;
    }

    @Override
    public boolean threadExists(int threadId) {
        return true;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
