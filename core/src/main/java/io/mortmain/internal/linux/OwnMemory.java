package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Reads and writes a word of this process through process_vm_readv(2) and process_vm_writev(2): where the address may be unmapped
 * (a mutex of C code on the same thread's list, a truncated file), the answer is an error number and not a crash.
 */
public final class OwnMemory {
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(
            Native.C_LONG, Native.C_INT, Native.POINTER, Native.C_LONG, Native.POINTER, Native.C_LONG, Native.C_LONG);
    private static final MethodHandle READ = Native.function("process_vm_readv", TRANSFER);
    private static final MethodHandle READ_WITH_ERRNO = Native.withErrno("process_vm_readv", TRANSFER);
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
        return transfer(READ, address, scratch);
    }

    /** Copies the 8 bytes at {@link #VALUE_OFFSET} of the scratch memory to {@code address}; false where it is not writable. */
    public static boolean write(long address, long scratch) {
        return transfer(WRITE, address, scratch);
    }

    private static boolean transfer(MethodHandle call, long address, long scratch) {
        describe(address, scratch);
        try {
            var pid = (int) GETPID.invokeExact();
            return (long) call.invokeExact(pid, scratch, 1L, scratch + 16, 1L, 0L) == 8;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * A copy of the {@code size} bytes at {@code address}, shorter where they end at an address that cannot be read: nothing is
     * touched directly, so that a truncated file costs no fault.
     */
    public static byte[] copy(long address, int size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment vectors = arena.allocate(32, 8);
            MemorySegment bytes = arena.allocate(size, 8);
            vectors.set(Native.POINTER, 0, bytes.address());
            vectors.set(Native.C_LONG, 8, size);
            vectors.set(Native.POINTER, 16, address);
            vectors.set(Native.C_LONG, 24, size);
            var pid = (int) GETPID.invokeExact();
            long local = vectors.address();
            var read = (long) READ_WITH_ERRNO.invokeExact(errno, pid, local, 1L, local + 16, 1L, 0L);
            if (read < 0 && Errno.of(Native.errno(errno)) != Errno.EFAULT) {
                throw new LinuxException("process_vm_readv", "this process", Native.errno(errno));
            }
            return bytes.asSlice(0, Math.max(read, 0)).toArray(ValueLayout.JAVA_BYTE);
        } catch (LinuxException failed) {
            throw failed;
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
