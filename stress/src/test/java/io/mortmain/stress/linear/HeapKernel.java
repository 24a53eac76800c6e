package io.mortmain.stress.linear;

import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * A kernel over {@link HeapMemory}: a futex made of a monitor, without time, so that whoever is not woken sleeps for ever, and Lincheck
 * says so. All threads live.
 */
class HeapKernel extends Kernel {
    private final Words words;
    private final Object asleep = new Object();
    /** By thread: what was read last. */
    private final long[] transferred = new long[HeapMutex.THREADS];

    HeapKernel(Words words) {
        this.words = words;
    }

    @Override
    public void await(long address, int expected, long nanos, long scratch) {
        synchronized (asleep) {
            if (words.getIntVolatile(address) == expected) {
                try {
                    asleep.wait();
                } catch (InterruptedException early) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Override
    public void wake(long address, int count) {
        synchronized (asleep) {
            if (count == 1) {
                asleep.notify();
            } else {
                asleep.notifyAll();
            }
        }
    }

    @Override
    public boolean tryReadLong(long address, long scratch) {
        transferred[HeapMutex.threadWith(scratch)] = words.getLongVolatile(address);
        return true;
    }

    @Override
    public long transferred(long scratch) {
        return transferred[HeapMutex.threadWith(scratch)];
    }

    @Override
    public boolean tryWriteLong(long address, long value, long scratch) {
        words.putLongRelease(address, value);
        return true;
    }

    @Override
    public boolean threadExists(int threadId) {
        return true;
    }

    @Override
    public long nanoTime() {
        return 0;
    }
}
