package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * waitid(2) for one child, named by its pidfd and never by "any child": the children of the JDK and of native code keep their ends. The
 * system call itself, since the function of the C library does not give what the child has used.
 */
public final class ChildWait {
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int SIGKILL = 9;
    private static final int WNOHANG = 1;
    private static final int WSTOPPED = 2;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x1000000;
    private static final int CLD_EXITED = 1;
    private static final int CLD_DUMPED = 3;
    private static final int CLD_TRAPPED = 4;
    private static final int CLD_STOPPED = 5;

    private static final MethodHandle SYSCALL = Native.variadicWithErrno("syscall", 1, 6);
    private static final MethodHandle KILL = Native.function("kill", 2);

    private ChildWait() {}

    /**
     * How a child ended and what it has used, with all descendants that it waited for.
     *
     * @param status exit code, 0 to 255, or the number of the signal
     * @param signalled whether it is a signal
     * @param dumped whether a core was dumped
     */
    public record Ending(
            int status, boolean signalled, boolean dumped, long userMicros, long systemMicros, long peakKib) {}

    /**
     * How the child ended, which stays to be taken by {@link #reap}: what is made of it can fail for want of memory.
     *
     * @return null if it has not ended, or its tracer has not let it go
     * @throws LinuxException ECHILD where somebody else has taken its end, or it is no child of ours
     */
    public static @Nullable Ending look(PidDescriptor child) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SiginfoLayout.SIZE, Long.BYTES);
            MemorySegment usage = arena.allocate(RusageLayout.SIZE, Long.BYTES);
            waitFor(child, info, WEXITED | WNOHANG | WNOWAIT, usage, arena);
            int code = info.get(Native.C_INT, SiginfoLayout.CODE);
            if (info.get(Native.C_INT, SiginfoLayout.PROCESS) == 0) {
                return null;
            }
            return new Ending(
                    info.get(Native.C_INT, SiginfoLayout.STATUS),
                    code != CLD_EXITED,
                    code == CLD_DUMPED,
                    micros(usage, RusageLayout.USER_SECONDS, RusageLayout.USER_MICROSECONDS),
                    micros(usage, RusageLayout.SYSTEM_SECONDS, RusageLayout.SYSTEM_MICROSECONDS),
                    usage.get(Native.C_LONG, RusageLayout.PEAK_KIB));
        }
    }

    /** Takes the end of a child that has ended, and gives its number back; has no effect where somebody else did so. */
    public static void reap(PidDescriptor child) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SiginfoLayout.SIZE, Long.BYTES);
            waitFor(child, info, WEXITED | WNOHANG, MemorySegment.NULL, arena);
        } catch (LinuxException taken) {
            if (taken.errno() != Errno.ECHILD) {
                throw taken;
            }
        }
    }

    private static long micros(MemorySegment usage, long seconds, long microseconds) {
        return usage.get(Native.C_LONG, seconds) * 1_000_000 + usage.get(Native.C_LONG, microseconds);
    }

    /**
     * Waits until the child is stopped by a signal or ends. A stop is told once; an end is left for {@link #reap}.
     *
     * @return whether it was stopped; false also where somebody took its end
     */
    public static boolean awaitStop(PidDescriptor child) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SiginfoLayout.SIZE, Long.BYTES);
            waitFor(child, info, WSTOPPED | WEXITED | WNOWAIT, MemorySegment.NULL, arena);
            int code = info.get(Native.C_INT, SiginfoLayout.CODE);
            boolean stopped = code == CLD_STOPPED || code == CLD_TRAPPED;
            if (stopped) {
                waitFor(child, info, WSTOPPED | WNOHANG, MemorySegment.NULL, arena);
            }
            return stopped;
        } catch (LinuxException failed) {
            if (failed.errno() == Errno.ECHILD) {
                return false;
            }
            throw failed;
        }
    }

    /**
     * Kills a child that was just born and has no pidfd, and takes its end. Its number is its own until then, unless this process ignores SIGCHLD:
     * then it is not signalled if it is no child of ours any more.
     */
    public static void undo(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SiginfoLayout.SIZE, Long.BYTES);
            waitFor(
                    P_PID,
                    pid,
                    info,
                    WEXITED | WNOHANG | WNOWAIT,
                    MemorySegment.NULL,
                    arena); // ECHILD: no longer its own
            var killed = (int) (long) KILL.invokeExact((long) pid, (long) SIGKILL);
            assert killed == 0 : pid;
            waitFor(P_PID, pid, info, WEXITED, MemorySegment.NULL, arena);
        } catch (LinuxException takenByOthers) {
            // then its number is given back, too
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static void waitFor(
            PidDescriptor child, MemorySegment info, int options, MemorySegment usage, Arena arena) {
        waitFor(P_PIDFD, child.number(), info, options, usage, arena);
    }

    private static void waitFor(
            long kind, long number, MemorySegment info, int options, MemorySegment usage, Arena arena) {
        MemorySegment errno = arena.allocate(Native.errnoLayout());
        long call = Platform.current().waitidCall();
        try {
            while ((long) SYSCALL.invokeExact(
                            errno, call, kind, number, info.address(), (long) options, usage.address())
                    != 0) {
                if (Errno.of(Native.errno(errno)) != Errno.EINTR) {
                    throw new LinuxException("waitid", "a child process", Native.errno(errno));
                }
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
