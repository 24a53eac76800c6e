package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Reads and writes a word of this process through process_vm_readv(2) and process_vm_writev(2): where the address may be unmapped
 * (a mutex of C code on the same thread's list, a truncated file), the answer is an error number and not a crash.
 *
 * <p>What a call needs in memory, the scratch memory:
 *
 * <pre>
 *   0                       16                      32               40
 *   +-----------------------+-----------------------+----------------+
 *   | local: iovec          | remote: iovec         | value          |
 *   | (of the value)        | (of the address)      |                |
 *   +-----------------------+-----------------------+----------------+
 * </pre>
 */
public final class OwnMemory {
    private static final MethodHandle READ = Native.function("process_vm_readv", 6);
    private static final MethodHandle READ_WITH_ERRNO = Native.withErrno("process_vm_readv", 6);
    private static final MethodHandle WRITE = Native.function("process_vm_writev", 6);
    private static final MethodHandle GETPID = Native.function("getpid", 0);
    private static final MemorySegment EVERYTHING = Native.addressSpace();

    private static final int LOCAL = 0;
    private static final int REMOTE = LOCAL + IovecLayout.SIZE;

    /** Where in the scratch memory the value stands. */
    public static final int VALUE_OFFSET = REMOTE + IovecLayout.SIZE;

    /** Bytes of private native memory that a transfer needs. */
    public static final int SCRATCH_SIZE = VALUE_OFFSET + Long.BYTES;

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
        describe(scratch + LOCAL, scratch + VALUE_OFFSET, Long.BYTES);
        describe(scratch + REMOTE, address, Long.BYTES);
        try {
            long pid = (int) (long) GETPID.invokeExact();
            return (long) call.invokeExact(pid, scratch + LOCAL, 1L, scratch + REMOTE, 1L, 0L) == Long.BYTES;
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
            MemorySegment bytes = arena.allocate(size, Long.BYTES);
            long vectors = arena.allocate(REMOTE + IovecLayout.SIZE, Long.BYTES).address();
            describe(vectors + LOCAL, bytes.address(), size);
            describe(vectors + REMOTE, address, size);
            long pid = (int) (long) GETPID.invokeExact();
            var read = (long) READ_WITH_ERRNO.invokeExact(errno, pid, vectors + LOCAL, 1L, vectors + REMOTE, 1L, 0L);
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

    private static void describe(long iovec, long address, long size) {
        EVERYTHING.set(Native.POINTER, iovec + IovecLayout.BASE, address);
        EVERYTHING.set(Native.C_LONG, iovec + IovecLayout.LENGTH, size);
    }
}
