package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Locks on ranges of a file that belong to an open file description, fcntl(2) with F_OFD_SETLK: other descriptions of the same process
 * are others, threads and PID namespaces mean nothing, and the kernel gives the lock back when the last descriptor is closed, with the
 * end of the process at the latest. A child has the description too, until it closes the descriptor or executes a program.
 */
public final class RangeLock {
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;

    private static final MethodHandle FCNTL = Native.variadicWithErrno(
            "fcntl", 2, FunctionDescriptor.of(Native.C_INT, Native.C_INT, Native.C_INT, Native.POINTER));

    private RangeLock() {}

    /** Takes the range for this description alone; false where another has any of it. */
    public static boolean tryExclusively(OpenFile file, long start, long length) {
        return set(file, F_WRLCK, start, length);
    }

    /** Takes the range together with others; false where somebody has any of it exclusively. */
    public static boolean tryShared(OpenFile file, long start, long length) {
        return set(file, F_RDLCK, start, length);
    }

    /** As {@link #tryShared}, and sleeps until it succeeds; nothing but that ends the sleep. */
    public static void awaitShared(OpenFile file, long start, long length) {
        int error = Errno.EINTR.number();
        while (Errno.of(error) == Errno.EINTR) {
            error = call(file, F_OFD_SETLKW, F_RDLCK, start, length);
        }
        if (error != 0) {
            throw new LinuxException("fcntl", file.path(), error);
        }
    }

    /** Gives the range back. */
    public static void release(OpenFile file, long start, long length) {
        boolean released = set(file, F_UNLCK, start, length);
        assert released : file.path();
    }

    /** Whether another description has any of the range exclusively; takes nothing. */
    public static boolean isTakenExclusively(OpenFile file, long start, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = range(arena, F_RDLCK, start, length);
            int error = call(arena, file, F_OFD_GETLK, range);
            if (error != 0) {
                throw new LinuxException("fcntl", file.path(), error);
            }
            return range.get(ValueLayout.JAVA_SHORT, FlockLayout.TYPE) != F_UNLCK;
        }
    }

    private static boolean set(OpenFile file, int type, long start, long length) {
        int error = call(file, F_OFD_SETLK, type, start, length);
        Errno meaning = Errno.of(error);
        if (error != 0 && meaning != Errno.EAGAIN && meaning != Errno.EACCES) {
            throw new LinuxException("fcntl", file.path(), error);
        }
        return error == 0;
    }

    private static int call(OpenFile file, int command, int type, long start, long length) {
        try (Arena arena = Arena.ofConfined()) {
            return call(arena, file, command, range(arena, type, start, length));
        }
    }

    private static MemorySegment range(Arena arena, int type, long start, long length) {
        MemorySegment range = arena.allocate(FlockLayout.SIZE, Long.BYTES);
        range.set(ValueLayout.JAVA_SHORT, FlockLayout.TYPE, (short) type);
        range.set(ValueLayout.JAVA_LONG, FlockLayout.START, start);
        range.set(ValueLayout.JAVA_LONG, FlockLayout.LENGTH, length);
        return range;
    }

    /** The error number, or 0. */
    private static int call(Arena arena, OpenFile file, int command, MemorySegment range) {
        try {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) FCNTL.invokeExact(errno, file.descriptor(), command, range.address());
            return result == -1 ? Native.errno(errno) : 0;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
