package io.mortmain.internal.words;

/**
 * The seam: every word of shared memory that the lock protocol touches is read and written through here, with the memory order in
 * the method's name. In production it is {@link MappedWords}, and the address is an address of this process; in tests it is a heap
 * array that can stop, interleave and kill at every store, so that the code that ships is the code that is explored.
 *
 * <p><b>Memory order.</b> {@code Volatile} and {@code compareAndSet} are sequentially consistent. {@code Release} keeps every
 * earlier load and store before it; a chain of release stores is therefore seen in program order by whoever stops the thread between
 * two of them, which is what the kernel's walk of the robust list does. {@code Opaque} reads are not reordered with each other by
 * the compiler and are never torn; {@code Plain} reads may be, and are used only for words that the caller's own thread wrote or
 * whose value is checked again.
 *
 * <p>An abstract class and not an interface: with one subclass loaded, the JIT calls it without a type check.
 */
public abstract class Words {
    private static final long ADDRESS_BITS = 0x3fff_ffff_ffff_fff8L;

    /**
     * The same address, seen by the JIT to be a multiple of 8 and small enough for offsets to be added: the checks of the accesses that
     * follow fold away.
     */
    public static long aligned(long address) {
        return address & ADDRESS_BITS;
    }

    public abstract int getIntPlain(long address);

    public abstract int getIntOpaque(long address);

    public abstract int getIntVolatile(long address);

    public abstract void putIntRelease(long address, int value);

    public abstract boolean compareAndSetInt(long address, int expected, int value);

    /** Atomic; the old value. */
    public abstract int getAndSetInt(long address, int value);

    public abstract long getLongPlain(long address);

    public abstract long getLongOpaque(long address);

    public abstract long getLongVolatile(long address);

    public abstract void putLongRelease(long address, long value);
}
