package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A thread of another process that is stopped, and goes on by single instructions: ptrace(2), waitpid(2).
 *
 * <p>The kernel knows as its tracer the OS thread that seized it: all methods are for that thread alone, and others get a {@link
 * WrongThreadException}. When the tracer ends, in whatever way, the kernel kills the traced process. The thread must not be the main one
 * of a child that {@link ProcessBuilder} started: the JDK waits for that too, and would take its stops for its end.
 *
 * <p>Beside a child's thread one may be traced that the user may debug; Yama, the seccomp filter of a container and another
 * tracer can forbid either.
 */
public final class Ptrace implements AutoCloseable {
    private static final int PTRACE_SINGLESTEP = 9;
    private static final int PTRACE_DETACH = 17;
    private static final int PTRACE_GETREGSET = 0x4204;
    private static final int PTRACE_SEIZE = 0x4206;
    private static final int PTRACE_INTERRUPT = 0x4207;
    private static final long PTRACE_O_EXITKILL = 0x100000;
    private static final long NT_PRSTATUS = 1;
    private static final long __WALL = 0x40000000;
    private static final int SIGTRAP = 5;
    private static final int DETACH_ATTEMPTS = 1000;
    private static final long DETACH_PAUSE_NANOS = 1_000_000;
    private static final String CURE =
            "allow it: kernel.yama.ptrace_scope at most 1 (or run as root), ptrace in the seccomp"
                    + " profile (docker run --cap-add=SYS_PTRACE), and no debugger or strace at work on the thread";

    private static final MethodHandle PTRACE = Native.variadicWithErrno("ptrace", 1, 4);
    private static final MethodHandle WAITPID = Native.withErrno("waitpid", 3);

    private final int threadId;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment errno = arena.allocate(Native.errnoLayout());
    private final MemorySegment status = arena.allocate(Native.C_INT);
    private final MemorySegment registers = arena.allocate(UserRegistersLayout.SIZE, Long.BYTES);
    private final MemorySegment vector = arena.allocate(IovecLayout.SIZE, Long.BYTES);
    /** That came while it ran, to be delivered when it goes on; 0: none. */
    private int signal;

    private boolean ended;

    private Ptrace(int threadId) {
        this.threadId = threadId;
    }

    /**
     * Becomes the tracer of a thread, and returns when it is stopped.
     *
     * @throws LinuxException if that is not permitted, or there is no such thread
     */
    public static Ptrace seize(int threadId) {
        return seize(threadId, Ptrace::stop);
    }

    /** For a test: with another way to stop it, which may fail. */
    static Ptrace seize(int threadId, Consumer<Ptrace> stop) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot trace, since it changes its OS thread");
        }
        Ptrace traced = new Ptrace(threadId);
        try {
            traced.require(PTRACE_SEIZE, 0, PTRACE_O_EXITKILL);
        } catch (LinuxException refused) {
            traced.arena.close();
            throw refused;
        }
        try {
            stop.accept(traced);
            return traced;
        } catch (RuntimeException | Error failed) {
            traced.detach();
            traced.arena.close();
            throw failed;
        }
    }

    private void stop() {
        require(PTRACE_INTERRUPT, 0, 0);
        awaitChange();
    }

    /** Else the other process would die with this one. A thread can be let go only when it stands still, which may take a moment. */
    private void detach() {
        request(PTRACE_INTERRUPT, 0, 0);
        for (int i = 0; i < DETACH_ATTEMPTS && request(PTRACE_DETACH, 0, 0) != 0; i++) {
            LockSupport.parkNanos(DETACH_PAUSE_NANOS);
        }
    }

    /**
     * Lets it execute one instruction, also while its process is stopped by a signal. A signal that comes meanwhile is delivered, and the
     * next step is the first of its handler.
     *
     * @return false if the thread has ended instead, or was killed
     */
    public boolean step() {
        boolean stepped = false;
        while (!ended && !stepped) {
            int delivered = signal;
            signal = 0;
            if (request(PTRACE_SINGLESTEP, 0, delivered) != 0) {
                awaitEnd(); // it does not stand still, so somebody killed it
            } else {
                stepped = awaitChange();
            }
        }
        return stepped;
    }

    /** Address of the instruction that is next. */
    public long nextInstruction() {
        vector.set(Native.POINTER, IovecLayout.BASE, registers.address());
        vector.set(Native.C_LONG, IovecLayout.LENGTH, UserRegistersLayout.SIZE);
        require(PTRACE_GETREGSET, NT_PRSTATUS, vector.address());
        return registers.get(Native.C_LONG, UserRegistersLayout.NEXT_INSTRUCTION);
    }

    /** Waits for the end of a thread that was killed. Its process does not end before its tracer has seen that. */
    public void awaitEnd() {
        while (!ended) {
            awaitChange();
        }
    }

    /** The thread goes on by itself, if it has not ended. */
    @Override
    public void close() {
        if (!ended) {
            request(PTRACE_DETACH, 0, signal); // fails if it was killed, which is as well
        }
        arena.close();
    }

    /** Waits until it stops or has ended, and says whether it stopped because it has executed an instruction. */
    private boolean awaitChange() {
        try {
            int found;
            do {
                found = (int) (long) WAITPID.invokeExact(errno, (long) threadId, status.address(), __WALL);
            } while (found < 0 && Errno.of(Native.errno(errno)) == Errno.EINTR);
            if (found < 0) {
                throw new LinuxException("waitpid", "thread " + threadId, Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
        return understood(status.get(Native.C_INT, 0));
    }

    /** As in bits/waitstatus.h; the bits above are the kernel's word for why a traced thread stopped, 0 for a signal. */
    private boolean understood(int word) {
        ended = (word & 0xff) != 0x7f;
        int reason = word >> 16;
        int why = word >> 8 & 0xff;
        if (ended || reason != 0) {
            return false;
        }
        signal = why == SIGTRAP ? 0 : why;
        return why == SIGTRAP;
    }

    private void require(int request, long address, long data) {
        if (request(request, address, data) != 0) {
            int number = Native.errno(errno);
            throw Errno.of(number) == Errno.EPERM
                    ? new LinuxException("ptrace", "thread " + threadId, number, CURE)
                    : new LinuxException("ptrace", "thread " + threadId, number);
        }
    }

    private long request(int request, long address, long data) {
        try {
            return (long) PTRACE.invokeExact(errno, (long) request, (long) threadId, address, data);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
