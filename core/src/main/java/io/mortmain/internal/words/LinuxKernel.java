package io.mortmain.internal.words;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.linux.Futex;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.OwnMemory;

/** The kernel under this process. Everything that a call needs in memory stands in the calling thread's slot: nothing is allocated. */
public final class LinuxKernel extends Kernel {
    public static final LinuxKernel INSTANCE = new LinuxKernel();

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private LinuxKernel() {}

    @Override
    public void await(long address, int expected, long nanos, long scratch) {
        Words words = MappedWords.INSTANCE;
        words.putLongRelease(scratch + ThreadSlotLayout.TIMEOUT_SECONDS, nanos / NANOS_PER_SECOND);
        words.putLongRelease(scratch + ThreadSlotLayout.TIMEOUT_NANOS, nanos % NANOS_PER_SECOND);
        Futex.await(address, expected, scratch + ThreadSlotLayout.TIMEOUT_SECONDS);
    }

    @Override
    public void wake(long address, int count) {
        Futex.wake(address, count);
    }

    @Override
    public boolean tryReadLong(long address, long scratch) {
        return OwnMemory.read(address, scratch + ThreadSlotLayout.TRANSFER);
    }

    @Override
    public long transferred(long scratch) {
        return MappedWords.INSTANCE.getLongPlain(scratch + ThreadSlotLayout.TRANSFER + OwnMemory.VALUE_OFFSET);
    }

    @Override
    public boolean tryWriteLong(long address, long value, long scratch) {
        MappedWords.INSTANCE.putLongRelease(scratch + ThreadSlotLayout.TRANSFER + OwnMemory.VALUE_OFFSET, value);
        return OwnMemory.write(address, scratch + ThreadSlotLayout.TRANSFER);
    }

    @Override
    public boolean threadExists(int threadId) {
        return KernelThread.exists(threadId);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
