package io.mortmain.internal.words;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.linux.Futex;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.OwnMemory;
import java.util.function.IntPredicate;

/** The kernel under this process. Everything that a call needs in memory stands in the calling thread's slot: nothing is allocated. */
public final class LinuxKernel extends Kernel {
    public static final LinuxKernel INSTANCE = new LinuxKernel(KernelThread::exists);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final IntPredicate exists;

    private LinuxKernel(IntPredicate exists) {
        this.exists = exists;
    }

    /** The kernel in a region whose words have numbers that it does not know. */
    public static LinuxKernel withNumbers(IntPredicate exists) {
        return new LinuxKernel(exists);
    }

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
        return exists.test(threadId);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
