package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Locks on ranges of a file that belong to an open file description, fcntl(2) with F_OFD_SETLK: other descriptions of the same process
 * are others, threads and PID namespaces mean nothing, and the kernel gives the lock back when the last descriptor is closed, with the
 * end of the process at the latest. A child has the description too, until it closes the descriptor or executes a program.
 *
 * <p>Not thread-safe. Taking and giving back allocate nothing: a lock that was taken with the last memory can be given back.
 */
public final class RangeLock {
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_OFD_SETLKW = 38;
    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;

    private static final MethodHandle FCNTL = Native.variadicWithErrno("fcntl", 2, 3);

    private final OpenFile file;
    private final MemorySegment range;
    private final MemorySegment errno;

    /** Through the file's description. All memory that a call needs is allocated here. */
    public RangeLock(OpenFile file) {
        this.file = file;
        Arena arena = Arena.ofAuto(); // which the calls keep: each has errno
        range = arena.allocate(FlockLayout.SIZE, Long.BYTES);
        errno = arena.allocate(Native.errnoLayout());
    }

    /** Takes the range for this description alone; false where another has any of it. */
    public boolean tryExclusively(long start, long length) {
        return set(F_WRLCK, start, length);
    }

    /** Takes the range together with others; false where somebody has any of it exclusively. */
    public boolean tryShared(long start, long length) {
        return set(F_RDLCK, start, length);
    }

    /** As {@link #tryShared}, and sleeps until it succeeds; nothing but that ends the sleep. */
    public void awaitShared(long start, long length) {
        int error = Errno.EINTR.number();
        while (error == Errno.EINTR.number()) {
            error = call(F_OFD_SETLKW, F_RDLCK, start, length);
        }
        if (error != 0) {
            throw new LinuxException("fcntl", file.path(), error);
        }
    }

    /** Gives the range back. */
    public void release(long start, long length) {
        boolean released = set(F_UNLCK, start, length);
        assert released : file.path();
    }

    /** Whether another description has any of the range exclusively; takes nothing. */
    public boolean isTakenExclusively(long start, long length) {
        int error = call(F_OFD_GETLK, F_RDLCK, start, length);
        if (error != 0) {
            throw new LinuxException("fcntl", file.path(), error);
        }
        return range.get(ValueLayout.JAVA_SHORT, FlockLayout.TYPE) != F_UNLCK;
    }

    private boolean set(int type, long start, long length) {
        int error = call(F_OFD_SETLK, type, start, length);
        if (error != 0 && error != Errno.EAGAIN.number() && error != Errno.EACCES.number()) {
            throw new LinuxException("fcntl", file.path(), error);
        }
        return error == 0;
    }

    /** The error number, or 0. */
    private int call(int command, int type, long start, long length) {
        range.fill((byte) 0); // the kernel has written to it
        range.set(ValueLayout.JAVA_SHORT, FlockLayout.TYPE, (short) type);
        range.set(ValueLayout.JAVA_LONG, FlockLayout.START, start);
        range.set(ValueLayout.JAVA_LONG, FlockLayout.LENGTH, length);
        try {
            var result =
                    (int) (long) FCNTL.invokeExact(errno, (long) file.descriptor(), (long) command, range.address());
            return result == -1 ? Native.errno(errno) : 0;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
