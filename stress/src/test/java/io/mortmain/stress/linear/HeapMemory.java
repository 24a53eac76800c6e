package io.mortmain.stress.linear;

import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;
import java.util.concurrent.atomic.AtomicLongArray;

/** The words of a memory on the heap, where Lincheck sees each access; addresses outside are those of threads' slots, which are native. */
class HeapMemory extends Words {
    static final long BASE = 0x10_0000;
    static final int SIZE = 1024;

    private final AtomicLongArray memory = new AtomicLongArray(SIZE / Long.BYTES);

    private static boolean isHere(long address) {
        return address >= BASE && address < BASE + SIZE;
    }

    private static int index(long address) {
        return (int) (address - BASE) / Long.BYTES;
    }

    private static int shift(long address) {
        return (int) (address % Long.BYTES) * Byte.SIZE;
    }

    private static long with(long both, long address, int value) {
        long mask = 0xffff_ffffL << shift(address);
        return both & ~mask | Integer.toUnsignedLong(value) << shift(address);
    }

    private static int half(long both, long address) {
        return (int) (both >>> shift(address));
    }

    @Override
    public int getIntVolatile(long address) {
        return isHere(address) ? half(memory.get(index(address)), address) : MappedWords.INSTANCE.getIntPlain(address);
    }

    @Override
    public boolean compareAndSetInt(long address, int expected, int value) {
        for (; ; ) {
            long both = memory.get(index(address));
            if (half(both, address) != expected) {
                return false;
            }
            if (memory.compareAndSet(index(address), both, with(both, address, value))) {
                return true;
            }
        }
    }

    @Override
    public int getAndSetInt(long address, int value) {
        for (; ; ) {
            int old = getIntVolatile(address);
            if (compareAndSetInt(address, old, value)) {
                return old;
            }
        }
    }

    @Override
    public void putIntRelease(long address, int value) {
        int unusedOld = getAndSetInt(address, value);
    }

    @Override
    public long getLongVolatile(long address) {
        return memory.get(index(address));
    }

    @Override
    public void putLongRelease(long address, long value) {
        memory.set(index(address), value);
    }

    @Override
    public int getIntPlain(long address) {
        return getIntVolatile(address);
    }

    @Override
    public int getIntOpaque(long address) {
        return getIntVolatile(address);
    }

    @Override
    public long getLongPlain(long address) {
        return getLongVolatile(address);
    }

    @Override
    public long getLongOpaque(long address) {
        return getLongVolatile(address);
    }
}
