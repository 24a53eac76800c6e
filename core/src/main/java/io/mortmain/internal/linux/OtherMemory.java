package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.OptionalLong;

/** Memory of another thread's process, and where its robust list is. Both need the permission to attach to it, see ptrace(2). */
public final class OtherMemory implements AutoCloseable {
    private static final MethodHandle SYSCALL = Native.systemCall();
    private static final MethodHandle READ = Native.function("process_vm_readv", 6);

    private static final int LOCAL = 0;
    private static final int REMOTE = LOCAL + IovecLayout.SIZE;

    private final int threadId;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment errno = arena.allocate(Native.errnoLayout());
    private final MemorySegment vectors = arena.allocate(REMOTE + IovecLayout.SIZE, Long.BYTES);
    /** What was read or is said: one number, or the address and the size of a list head. */
    private final MemorySegment value = arena.allocate(2L * Long.BYTES, Long.BYTES);

    public OtherMemory(int threadId) {
        this.threadId = threadId;
    }

    /** Address of its {@code struct robust_list_head}; empty where there is none, or it may not be asked for. */
    public OptionalLong robustListHead() {
        try {
            var result = (long) SYSCALL.invokeExact(
                    errno,
                    (long) Platform.current().getRobustListCall(),
                    (long) threadId,
                    value.address(),
                    value.address() + Long.BYTES,
                    0L);
            long head = value.get(Native.POINTER, 0);
            return result == 0 && head != 0 ? OptionalLong.of(head) : OptionalLong.empty();
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The 8 bytes at an address of its process; empty where they cannot be read. */
    public OptionalLong readLong(long address) {
        set(LOCAL, value.address());
        set(REMOTE, address);
        try {
            var read = (long) READ.invokeExact(
                    (long) threadId, vectors.address() + LOCAL, 1L, vectors.address() + REMOTE, 1L, 0L);
            return read == Long.BYTES ? OptionalLong.of(value.get(Native.C_LONG, 0)) : OptionalLong.empty();
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private void set(int vector, long address) {
        vectors.set(Native.POINTER, vector + IovecLayout.BASE, address);
        vectors.set(Native.C_LONG, vector + IovecLayout.LENGTH, Long.BYTES);
    }

    @Override
    public void close() {
        arena.close();
    }
}
