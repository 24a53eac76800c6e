package io.mortmain.internal.words;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.internal.linux.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The words of this process, by address, through one segment that spans the address space: no bounds and no liveness are checked,
 * which is what makes a lock from Java cost what it costs from C (a checked segment per region: two to five times as much).
 *
 * <p>It is safe because only three kinds of addresses are ever passed: words of a mutex slot, whose address was validated when the
 * mutex object was made and whose pages are never unmapped (see {@code LockAreas}); words of the calling thread's own robust list
 * head, which live as long as the thread; and words of memory that this library reserved for itself. A pointer read from shared
 * memory never gets here; see {@code ForeignLinks}.
 */
public final class MappedWords extends Words {
    public static final MappedWords INSTANCE = new MappedWords();

    private static final MemorySegment EVERYTHING = AddressSpace.everything();
    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private MappedWords() {}

    @Override
    public int getIntPlain(long address) {
        return (int) INT.get(EVERYTHING, address);
    }

    @Override
    public int getIntOpaque(long address) {
        return (int) INT.getOpaque(EVERYTHING, address);
    }

    @Override
    public int getIntVolatile(long address) {
        return (int) INT.getVolatile(EVERYTHING, address);
    }

    @Override
    public void putIntRelease(long address, int value) {
        INT.setRelease(EVERYTHING, address, value);
    }

    @Override
    public boolean compareAndSetInt(long address, int expected, int value) {
        return INT.compareAndSet(EVERYTHING, address, expected, value);
    }

    @Override
    public int getAndSetInt(long address, int value) {
        return (int) INT.getAndSet(EVERYTHING, address, value);
    }

    @Override
    public long getLongPlain(long address) {
        return (long) LONG.get(EVERYTHING, address);
    }

    @Override
    public long getLongOpaque(long address) {
        return (long) LONG.getOpaque(EVERYTHING, address);
    }

    @Override
    public long getLongVolatile(long address) {
        return (long) LONG.getVolatile(EVERYTHING, address);
    }

    @Override
    public void putLongRelease(long address, long value) {
        LONG.setRelease(EVERYTHING, address, value);
    }
}
