package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** pidfd_open(2) on one thread: a descriptor that becomes readable when that thread, and no later one of its number, has ended. */
public final class ThreadDescriptor {
    /** The same on x86_64 and aarch64. */
    private static final long PIDFD_OPEN = 434;

    private static final long PIDFD_THREAD = 0x80;
    private static final MethodHandle SYSCALL = Native.variadicWithErrno(
            "syscall", 1, FunctionDescriptor.of(Native.C_LONG, Native.C_LONG, Native.C_LONG, Native.C_LONG));
    private static final MethodHandle CLOSE =
            Native.function("close", FunctionDescriptor.of(Native.C_INT, Native.C_INT));

    private ThreadDescriptor() {}

    /**
     * A new descriptor, closed on exec, of the thread that has this number now; -1 where there is none, or the kernel has no such
     * descriptors, or the process no room for one more: the caller must look for itself.
     */
    public static int open(int threadId) {
        if (!Facility.PIDFD_THREAD.isAllowed()) {
            return -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            return (int) (long) SYSCALL.invokeExact(errno, PIDFD_OPEN, (long) threadId, PIDFD_THREAD);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Whether {@link #open} works here. */
    public static boolean isAvailable() {
        int descriptor = open(KernelThread.id());
        if (descriptor >= 0) {
            close(descriptor);
        }
        return descriptor >= 0;
    }

    public static void close(int descriptor) {
        try {
            var result = (int) CLOSE.invokeExact(descriptor);
            assert result == 0 : descriptor;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
