package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/**
 * A descriptor of a file, pipe or socket that this object owns, always close-on-exec; of what is opened here, never the number of a stream. For those that processes hand to each other: the JDK
 * has channels, but does not tell their descriptors, and makes none from a descriptor. Who closes it sees to it that nobody uses it
 * at that moment or later.
 */
public final class OwnDescriptor implements AutoCloseable {
    private static final int O_CLOEXEC = 02000000;
    private static final long F_SETFL = 4;
    private static final long O_NONBLOCK = 04000;
    private static final long F_GETFD = 1;
    private static final long F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final long AF_UNIX = 1;
    private static final long SOCK_STREAM_CLOEXEC = 02000001;
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int LARGEST_PIECE = 1 << 16;

    private static final MethodHandle OPEN = Native.variadicWithErrno("open", 2, 3);
    private static final MethodHandle PIPE2 = Native.withErrno("pipe2", 2);
    private static final MethodHandle SOCKETPAIR = Native.withErrno("socketpair", 4);
    private static final MethodHandle FCNTL = Native.variadicWithErrno("fcntl", 2, 3);
    private static final MethodHandle READ = Native.withErrno("read", 3);
    private static final MethodHandle WRITE = Native.withErrno("write", 3);
    private static final MethodHandle POLL = Native.function("poll", 3);

    private final int number;

    private OwnDescriptor(int number) {
        this.number = number;
    }

    /** The two ends of what is written at one and read at the other. */
    public record Ends(OwnDescriptor first, OwnDescriptor second) {}

    /**
     * Opens a file.
     *
     * @param flags as open(2) has them; close-on-exec comes on top
     * @param mode permission bits of a file that is created, of which the umask takes some away
     */
    public static OwnDescriptor open(byte[] path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment name = CStrings.of(path, arena);
            int all = flags | O_CLOEXEC;
            var result = (int) (long) OPEN.invokeExact(errno, name.address(), (long) all, (long) mode);
            return opened(check("open", name.getString(0), result, errno));
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** A pipe: the first end reads what is written at the second. */
    public static Ends pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment ends = arena.allocate(Native.C_INT, 2);
            check(
                    "pipe2",
                    "this process",
                    (int) (long) PIPE2.invokeExact(errno, ends.address(), (long) O_CLOEXEC),
                    errno);
            return ends(ends);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Two sockets that are connected with each other: each reads what is written at the other. */
    public static Ends sockets() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment ends = arena.allocate(Native.C_INT, 2);
            var result = (int) (long) SOCKETPAIR.invokeExact(errno, AF_UNIX, SOCK_STREAM_CLOEXEC, 0L, ends.address());
            check("socketpair", "this process", result, errno);
            return ends(ends);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static Ends ends(MemorySegment numbers) {
        int second = numbers.getAtIndex(Native.C_INT, 1);
        OwnDescriptor first;
        try {
            first = opened(numbers.getAtIndex(Native.C_INT, 0));
        } catch (LinuxException noneLeft) {
            Descriptors.close(second);
            throw noneLeft;
        }
        try {
            return new Ends(first, opened(second));
        } catch (LinuxException noneLeft) {
            first.close();
            throw noneLeft;
        }
    }

    static OwnDescriptor opened(int number) {
        return new OwnDescriptor(Descriptors.clearOfStreams(number));
    }

    /** Whether a descriptor of that number is open, whoever owns it. */
    public static boolean isOpen(int number) {
        return flags(number) >= 0;
    }

    /** Whether a program that this process became would have it: it is open, and not close-on-exec. */
    public static boolean isInheritable(int number) {
        int flags = flags(number);
        return flags >= 0 && (flags & FD_CLOEXEC) == 0;
    }

    private static int flags(int number) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) (long) FCNTL.invokeExact(arena.allocate(Native.errnoLayout()), (long) number, F_GETFD, 0L);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Takes a descriptor of somebody else's, or one that this process was started with, as its own from now on.
     *
     * @throws LinuxException EBADF where it is not open
     */
    public static OwnDescriptor adopt(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) FCNTL.invokeExact(errno, (long) number, F_SETFD, (long) FD_CLOEXEC);
            check("fcntl", "descriptor " + number, result, errno);
            return new OwnDescriptor(number);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Another descriptor for what is open behind that number, whoever owns that: the least free one that is not less than {@code least}. */
    public static OwnDescriptor duplicate(int number, int least) {
        return new OwnDescriptor(Descriptors.duplicate(number, least));
    }

    /** From now on a write takes what it can at once. For an end of a pipe or socket that was made here: it has no other flag to lose. */
    public void neverBlock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            check("fcntl", "a pipe", (int) (long) FCNTL.invokeExact(errno, (long) number, F_SETFL, O_NONBLOCK), errno);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** As this process numbers it. */
    public int number() {
        return number;
    }

    /** Waits until a read or a write would not block, at most so long; also where it has ended or failed. */
    public boolean awaitReady(boolean toWrite, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(PollfdLayout.SIZE, PollfdLayout.SIZE);
            entry.set(Native.C_INT, PollfdLayout.DESCRIPTOR, number);
            entry.set(ValueLayout.JAVA_SHORT, PollfdLayout.EVENTS, (short) (toWrite ? POLLOUT : POLLIN));
            return (int) (long) POLL.invokeExact(entry.address(), 1L, (long) millis) == 1;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Reads what is there, at most 64 KiB at once.
     *
     * @return bytes, 0 if a signal came or there are none at this moment; -1 at the end
     */
    public int read(ByteBuffer into) {
        int size = Math.min(into.remaining(), LARGEST_PIECE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment bytes = arena.allocate(size);
            var result = (long) READ.invokeExact(errno, (long) number, bytes.address(), (long) size);
            int done = transferred("read", result, errno);
            into.put(bytes.asSlice(0, done).asByteBuffer());
            return result == 0 && size > 0 ? -1 : done;
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Writes what it takes, at most so many bytes.
     *
     * @return bytes, 0 if a signal came or it takes none at this moment
     */
    public int write(ByteBuffer from, int largest) {
        int size = Math.min(from.remaining(), largest);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment bytes = arena.allocate(size);
            bytes.asByteBuffer().put(from.slice().limit(size));
            int done = transferred(
                    "write", (long) WRITE.invokeExact(errno, (long) number, bytes.address(), (long) size), errno);
            from.position(from.position() + done);
            return done;
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private int transferred(String call, long result, MemorySegment errno) {
        if (result >= 0) {
            return (int) result;
        }
        Errno error = Errno.of(Native.errno(errno));
        if (error == Errno.EINTR || error == Errno.EAGAIN) {
            return 0;
        }
        throw new LinuxException(call, "descriptor " + number, Native.errno(errno));
    }

    private static int check(String call, String object, int result, MemorySegment errno) {
        if (result < 0) {
            throw new LinuxException(call, object, Native.errno(errno));
        }
        return result;
    }

    @Override
    public void close() {
        Descriptors.close(number);
    }
}
