package io.mortmain.internal.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The calling thread as the kernel knows it: its number and its robust list. */
public final class KernelThread {
    private static final long GET_ROBUST_LIST = Platform.current().getRobustListCall();
    private static final MethodHandle GETTID = Native.function("gettid", 0, Linker.Option.critical(false));
    private static final MethodHandle SYSCALL = Native.systemCall();
    private static final MethodHandle KILL = Native.withErrno("kill", 2);

    private KernelThread() {}

    /** The number of the calling thread in its own PID namespace. */
    public static int id() {
        try {
            return (int) (long) GETTID.invokeExact();
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Address of the calling thread's {@code struct robust_list_head}, or 0 where the C library registered none. */
    public static long robustListHead() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment answer = arena.allocate(16, 8);
            var result =
                    (long) SYSCALL.invokeExact(errno, GET_ROBUST_LIST, 0L, answer.address(), answer.address() + 8, 0L);
            if (result != 0) {
                throw new LinuxException("get_robust_list", "thread " + id(), Native.errno(errno));
            }
            return answer.get(Native.POINTER, 0);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Whether a thread with this number exists, of whatever process; kill(2) with signal 0, which sees also what /proc may hide. Only
     * ESRCH is a no.
     */
    public static boolean exists(int threadId) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) KILL.invokeExact(errno, (long) threadId, 0L);
            return result == 0 || Errno.of(Native.errno(errno)) != Errno.ESRCH;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The number of a thread of the calling process that the kernel knows by this name, if there is one. */
    public static OptionalInt named(String name) {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).strip().equals(name)) {
                    return OptionalInt.of(Integer.parseInt(task.getFileName().toString()));
                }
            }
            return OptionalInt.empty();
        } catch (IOException hidden) {
            return OptionalInt.empty();
        }
    }

    /** Whether a thread with this number exists in the calling process. */
    public static boolean isInThisProcess(int threadId) {
        return Files.exists(Path.of("/proc/self/task", Integer.toString(threadId)));
    }
}
