package io.mortmain.internal.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A process or thread that stays itself even if its number is given to another: pidfd_open(2), polled for its end. */
public final class PidDescriptor implements AutoCloseable {
    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final int PIDFD_THREAD = 0x80;

    private static final MethodHandle SYSCALL = Native.systemCall();

    private final int descriptor;

    private PidDescriptor(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Of a child of ours that nobody has waited for.
     *
     * @throws LinuxException ESRCH where the kernel took its end, since this process ignores SIGCHLD; others where there is no descriptor left,
     *     or none is to be had
     */
    public static PidDescriptor ofChild(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (long) SYSCALL.invokeExact(errno, PIDFD_OPEN, (long) pid, 0L, 0L, 0L);
            if (result < 0) {
                throw new LinuxException("pidfd_open", "process " + pid, Native.errno(errno));
            }
            return new PidDescriptor(Descriptors.clearOfStreams((int) result));
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Of a process; null where it has ended and was reaped, or the kernel refuses. */
    public static @Nullable PidDescriptor ofProcess(int pid) {
        return open(pid, 0);
    }

    /**
     * Of a thread: readable when that thread, and no later one of its number, has ended, but for a main thread that ends before others.
     * Null also where the kernel is older than 6.9, or {@link Facility#PIDFD_THREAD} is switched off.
     */
    public static @Nullable PidDescriptor ofThread(int threadId) {
        return Facility.PIDFD_THREAD.isAllowed() ? open(threadId, PIDFD_THREAD) : null;
    }

    /** Whether {@link #ofThread} works here. */
    public static boolean canBeOfThread() {
        try (PidDescriptor own = ofThread(KernelThread.id())) {
            return own != null;
        }
    }

    private static @Nullable PidDescriptor open(int number, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (long) SYSCALL.invokeExact(errno, PIDFD_OPEN, (long) number, (long) flags, 0L, 0L);
            return result < 0 ? null : new PidDescriptor((int) result);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * The number that the kernel gives to one process of a boot only, of another process than this; 0 where it has none (before 6.9
     * all descriptors of this kind are one file).
     */
    public static long uniqueNumber(int pid) {
        try (PidDescriptor process = ofProcess(pid);
                PidDescriptor other = ofProcess((int) ProcessHandle.current().pid())) {
            if (process == null || other == null) {
                return 0;
            }
            long number = process.inode();
            return number == other.inode() ? 0 : number;
        } catch (IOException unknown) {
            return 0;
        }
    }

    private long inode() throws IOException {
        return (long) Files.getAttribute(Path.of("/proc/self/fd", Integer.toString(descriptor)), "unix:ino");
    }

    /** Waits for the end, at most so many milliseconds; a zombie has ended. */
    public boolean awaitEnd(int millis) {
        return Poll.awaitOne(descriptor, millis);
    }

    /**
     * Sends a signal to this process, and never to a later one of its number; 0 only asks.
     *
     * @return false where it has ended and was waited for
     * @throws LinuxException EPERM where we may not, EINVAL for a number that is no signal
     */
    public boolean signal(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (long) SYSCALL.invokeExact(errno, PIDFD_SEND_SIGNAL, (long) descriptor, (long) signal, 0L, 0L);
            if (result != 0 && Errno.of(Native.errno(errno)) != Errno.ESRCH) {
                throw new LinuxException("pidfd_send_signal", "signal " + signal, Native.errno(errno));
            }
            return result == 0;
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** For {@link Poll}. */
    public int number() {
        return descriptor;
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }
}
