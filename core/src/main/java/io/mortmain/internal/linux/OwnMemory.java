package io.mortmain.internal.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Reads and writes a word of this process through process_vm_readv(2) and process_vm_writev(2): where the address may be unmapped
 * (a mutex of C code on the same thread's list, a truncated file), the answer is an error number and not a crash.
 */
public final class OwnMemory {
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(
            Native.C_LONG, Native.C_INT, Native.POINTER, Native.C_LONG, Native.POINTER, Native.C_LONG, Native.C_LONG);
    private static final MethodHandle READ = Native.function("process_vm_readv", TRANSFER);
    private static final MethodHandle WRITE = Native.function("process_vm_writev", TRANSFER);
    private static final MethodHandle GETPID = Native.function("getpid", FunctionDescriptor.of(Native.C_INT));
    private static final MemorySegment EVERYTHING = Native.addressSpace();

    /** Bytes of private native memory that a transfer needs: two {@code struct iovec} and the value. */
    public static final int SCRATCH_SIZE = 40;

    /** Where in the scratch memory the value stands. */
    public static final int VALUE_OFFSET = 32;

    private OwnMemory() {}

    /**
     * Copies the 8 bytes at {@code address} to {@link #VALUE_OFFSET} of the scratch memory.
     *
     * @return whether the address was readable
     */
    public static boolean read(long address, long scratch) {
        describe(address, scratch);
        try {
            var pid = (int) GETPID.invokeExact();
            return (long) READ.invokeExact(pid, scratch, 1L, scratch + 16, 1L, 0L) == 8;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Copies the 8 bytes at {@link #VALUE_OFFSET} of the scratch memory to {@code address}; false where it is not writable. */
    public static boolean write(long address, long scratch) {
        describe(address, scratch);
        try {
            var pid = (int) GETPID.invokeExact();
            return (long) WRITE.invokeExact(pid, scratch, 1L, scratch + 16, 1L, 0L) == 8;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static void describe(long address, long scratch) {
        EVERYTHING.set(Native.POINTER, scratch, scratch + VALUE_OFFSET);
        EVERYTHING.set(Native.C_LONG, scratch + 8, 8L);
        EVERYTHING.set(Native.POINTER, scratch + 16, address);
        EVERYTHING.set(Native.C_LONG, scratch + 24, 8L);
    }
}
