package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Whether anybody has a file open or mapped, asked of the kernel by a write lease, fcntl(2): it is granted to nobody else's file only.
 * Unlike a walk through /proc it needs no permission for other processes, and sees those of other PID namespaces.
 */
public final class FileLease {
    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_WRLCK = 1;
    /** Ignored by default; the usual SIGIO would end the process if somebody opened the file during the lease. */
    private static final int SIGURG = 23;

    private static final MethodHandle FCNTL = Native.variadicWithErrno("fcntl", 2, 3);

    private FileLease() {}

    /** What the kernel said. */
    public enum Answer {
        /** No process has it mapped for writing or open. Readers count where the kernel is built with IMA. */
        UNUSED,
        USED,
        /** The file is another user's, or its file system, or the kernel, has no leases. */
        UNKNOWN
    }

    /**
     * Takes the lease and gives it back at once. Whoever opens the file in between is refused with EAGAIN, or waits until then: ask only
     * about a file that is to go.
     *
     * @throws LinuxException where the file cannot be opened
     */
    public static Answer ask(String path) {
        try (OpenFile file = OpenFile.existingReadOnly(path)) {
            return set(file, F_SETSIG, SIGURG) == 0 ? answer(set(file, F_SETLEASE, F_WRLCK)) : Answer.UNKNOWN;
        } // closing ends the lease
    }

    private static Answer answer(int error) {
        if (error == 0) {
            return Answer.UNUSED;
        }
        return Errno.of(error) == Errno.EAGAIN ? Answer.USED : Answer.UNKNOWN;
    }

    private static int set(OpenFile file, int command, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) FCNTL.invokeExact(errno, (long) file.descriptor(), (long) command, (long) value);
            return result == 0 ? 0 : Native.errno(errno);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
