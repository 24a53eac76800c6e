package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Whether a thread of this process that sleeps in a system call is in a signal handler: then the kernel's frame lies on its stack, and a signal is
 * blocked that was not when it came. One without the other is no handler: who forks with care blocks signals, and what is left of a frame of
 * earlier may lie between others.
 *
 * <pre>
 *  x86_64, where the handler was entered           aarch64, where the handler keeps its caller
 *     0  where it returns to: the C library's         0  address of the record above the kernel's frame
 *        call of sigreturn                            8  where it returns to: the call of sigreturn in the vDSO
 *     8  flags, less than 16
 *    16  0
 *   168  the stack pointer of the interrupted code; on an alternative stack it may lie anywhere
 *   304  the signals that were blocked then
 * </pre>
 */
public final class SignalFrames {
    private static final int LOOKED_AT = 1 << 16;
    private static final long PAUSE_NANOS = 200_000;
    private static final int FLAGS = 8;
    private static final int MOST_FLAGS = 15;
    private static final int LINK = 16;
    private static final int STACK_POINTER = 168;
    private static final int BLOCKED = 304;
    private static final int FRAME = BLOCKED + Long.BYTES;

    private static final long RT_SIGACTION_ON_X86 = 13;
    private static final int SIGSEGV = 11;
    private static final int ACTION_SIZE = 32;
    private static final int RESTORER = 16;
    /** {@code mov x8, #139} and {@code svc #0}. */
    private static final long SIGRETURN_ON_AARCH64 = 0xd4000001_d2801168L;

    private static final MethodHandle SYSCALL = Native.systemCall();

    private SignalFrames() {}

    /** Once it sleeps, or empty where it will not. */
    private static OptionalLong stackPointer(int threadId, BooleanSupplier isOver) {
        OptionalLong found = ThreadStatus.stackPointer(threadId);
        while (found.isEmpty() && !ThreadStatus.isCallHidden(threadId) && !isOver.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            found = ThreadStatus.stackPointer(threadId);
        }
        return found;
    }

    /**
     * False where that cannot be seen. Waits for the thread to sleep.
     *
     * @param usuallyBlocked the signals that any thread of this process has blocked outside of handlers, as bits from signal 1 on
     * @param isOver whether to wait no longer
     */
    public static boolean isInHandler(int threadId, long usuallyBlocked, BooleanSupplier isOver) {
        long blocked = ThreadStatus.blockedSignals(threadId).orElse(usuallyBlocked);
        if ((blocked & ~usuallyBlocked) == 0) {
            return false;
        }
        OptionalLong stackPointer = stackPointer(threadId, isOver);
        long sigreturn = Platform.current() == Platform.X86_64 ? restorer() : trampoline();
        if (stackPointer.isEmpty() || sigreturn == 0) {
            return false;
        }
        ByteBuffer stack = ByteBuffer.wrap(OwnMemory.copy(stackPointer.getAsLong(), LOOKED_AT))
                .order(ByteOrder.LITTLE_ENDIAN);
        return hasFrame(stack, stackPointer.getAsLong(), sigreturn, blocked);
    }

    private static boolean hasFrame(ByteBuffer stack, long address, long sigreturn, long blocked) {
        for (int at = 0; at + FRAME <= stack.limit(); at += Long.BYTES) {
            boolean isOne = Platform.current() == Platform.X86_64
                    ? isX86Frame(stack, at, sigreturn, blocked)
                    : stack.getLong(at + Long.BYTES) == sigreturn && stack.getLong(at) > address + at;
            if (isOne) {
                return true;
            }
        }
        return false;
    }

    private static boolean isX86Frame(ByteBuffer stack, int at, long sigreturn, long blocked) {
        long before = stack.getLong(at + BLOCKED);
        return stack.getLong(at) == sigreturn
                && (stack.getLong(at + FLAGS) & ~MOST_FLAGS) == 0
                && stack.getLong(at + LINK) == 0
                && stack.getLong(at + STACK_POINTER) != 0
                && before != blocked
                && (before & ~blocked) == 0;
    }

    /** What glibc has the kernel return to from each handler; 0 where that is unknown. */
    private static long restorer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment action = arena.allocate(ACTION_SIZE, Long.BYTES);
            var result = (long) SYSCALL.invokeExact(
                    errno, RT_SIGACTION_ON_X86, (long) SIGSEGV, 0L, action.address(), (long) Long.BYTES);
            return result == 0 ? action.get(Native.POINTER, RESTORER) : 0;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static long trampoline() {
        OptionalLong vdso = MemoryMap.startOf("[vdso]");
        if (vdso.isEmpty()) {
            return 0;
        }
        ByteBuffer code = ByteBuffer.wrap(OwnMemory.copy(vdso.getAsLong(), (int) AddressSpace.PAGE_SIZE))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + Long.BYTES <= code.limit(); at += Integer.BYTES) {
            if (code.getLong(at) == SIGRETURN_ON_AARCH64) {
                return vdso.getAsLong() + at;
            }
        }
        return 0;
    }
}
