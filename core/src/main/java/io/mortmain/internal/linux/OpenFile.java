package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A file descriptor of a region's file, always close-on-exec. The calls are those that the JDK has no door for: O_TMPFILE,
 * O_NOFOLLOW with a descriptor to map, fallocate(2), linkat(2) of a nameless file, statx(2), fstatfs(2).
 */
public final class OpenFile implements AutoCloseable {
    private static final int O_RDWR = 02;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_DIRECTORY = Platform.current() == Platform.AARCH64 ? 040000 : 0200000;
    private static final int O_NOFOLLOW = Platform.current() == Platform.AARCH64 ? 0100000 : 0400000;
    private static final int O_TMPFILE = 020000000 | O_DIRECTORY;
    private static final long AT_FDCWD = -100;
    private static final long AT_EMPTY_PATH = 0x1000;
    private static final long AT_SYMLINK_FOLLOW = 0x400;
    private static final long STATX_BASIC_STATS = 0x7ff;
    private static final long PIECE = 4 << 20;
    private static final long MUCH_MEMORY = 64 << 20;
    /** What {@link #fileSystemType} says of files in memory. */
    public static final long TMPFS = 0x01021994;

    private static final MethodHandle OPEN = Native.variadicWithErrno("open", 2, 3);
    private static final long MFD_CLOEXEC = 1;
    private static final MethodHandle MEMFD_CREATE = Native.withErrno("memfd_create", 2);
    private static final String OWN_DESCRIPTORS = "/proc/self/fd/";
    private static final MethodHandle CLOSE = Native.withErrno("close", 1);
    private static final MethodHandle FALLOCATE = Native.withErrno("fallocate", 4);
    private static final MethodHandle LINKAT = Native.withErrno("linkat", 5);
    private static final MethodHandle UNLINK = Native.withErrno("unlink", 1);
    private static final MethodHandle FCHMOD = Native.withErrno("fchmod", 2);
    private static final MethodHandle FCHOWN = Native.withErrno("fchown", 3);
    private static final MethodHandle STATX = Native.withErrno("statx", 5);
    private static final MethodHandle FSTATFS = Native.withErrno("fstatfs", 2);
    private static final MethodHandle PREAD = Native.withErrno("pread", 4);
    private static final MethodHandle PWRITE = Native.withErrno("pwrite", 4);
    private static final long LOCK_EX = 2;
    private static final MethodHandle FLOCK = Native.withErrno("flock", 2);
    private static final MethodHandle FDATASYNC = Native.withErrno("fdatasync", 1);
    private static final MethodHandle GETEUID = Native.function("geteuid", 0);

    private final int descriptor;
    private final String path;

    private OpenFile(int descriptor, String path) {
        this.descriptor = descriptor;
        this.path = path;
    }

    /** What statx(2) says of the file. {@code device} and {@code inode} together name it on this machine. */
    public record Status(int mode, int userId, int groupId, long inode, long size, long device) {
        private static final int TYPE_MASK = 0170000;
        private static final int REGULAR = 0100000;

        public boolean isRegularFile() {
            return (mode & TYPE_MASK) == REGULAR;
        }
    }

    /** A file without a name in the given folder, for reading and writing; EOPNOTSUPP or EISDIR where the file system has none. */
    public static OpenFile nameless(String folder) {
        return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    }

    /** Opens a file for reading and writing; a symbolic link is ELOOP; never blocks on a pipe. */
    public static OpenFile existing(String path) {
        return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
    }

    /** As {@link #existing}, for reading only. */
    public static OpenFile existingReadOnly(String path) {
        return open(path, O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
    }

    /** A file in no folder, empty, for reading and writing; its path is that of the descriptor, as long as that is open. */
    public static OpenFile inMemory(String label) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long)
                    MEMFD_CREATE.invokeExact(errno, arena.allocateFrom(label).address(), MFD_CLOEXEC);
            if (result < 0) {
                throw new LinuxException("memfd_create", label, Native.errno(errno));
            }
            return new OpenFile(result, OWN_DESCRIPTORS + result);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Whether the path names a descriptor of this process, and is a link that has no target to be deceived by. */
    public static boolean isDescriptor(String path) {
        return path.startsWith(OWN_DESCRIPTORS)
                && path.substring(OWN_DESCRIPTORS.length()).matches("[0-9]{1,9}");
    }

    /** Opens what is behind a descriptor of this process, given by its path, for reading and writing. */
    public static OpenFile ofDescriptor(String path) {
        return open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK, 0);
    }

    /** The same file, for reading and writing, by an open file description of its own: what is locked through it is locked apart. */
    public OpenFile again() {
        return new OpenFile(open(OWN_DESCRIPTORS + descriptor, O_RDWR | O_CLOEXEC, 0).descriptor, path);
    }

    /** The same, named after its own descriptor, as long as that is open. */
    public OpenFile againByDescriptor() {
        OpenFile again = again();
        return new OpenFile(again.descriptor, OWN_DESCRIPTORS + again.descriptor);
    }

    private static OpenFile open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int)
                    (long) OPEN.invokeExact(errno, arena.allocateFrom(path).address(), (long) flags, (long) mode);
            if (result < 0) {
                throw new LinuxException("open", path, Native.errno(errno));
            }
            return new OpenFile(result, path);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Removes a name. */
    public static void unlink(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            if ((int) (long) UNLINK.invokeExact(errno, arena.allocateFrom(path).address()) < 0) {
                throw new LinuxException("unlink", path, Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    public static int effectiveUserId() {
        try {
            return (int) (long) GETEUID.invokeExact();
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    public int descriptor() {
        return descriptor;
    }

    /** Gives the descriptor to another owner; this object is not used any more. */
    public OwnDescriptor handOver() {
        return OwnDescriptor.opened(descriptor);
    }

    public String path() {
        return path;
    }

    /**
     * Reserves the space of {@code size} bytes at {@code offset}, so that a later store there cannot fail for want of it; makes the file as
     * long as that where it is shorter. What is there stays, and of what is reserved already nothing is taken twice.
     */
    public void reserve(long offset, long size) {
        requireMemoryFor(size);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            int result = (int) (long) FALLOCATE.invokeExact(errno, (long) descriptor, 0L, offset, size);
            if (result != 0 && Errno.of(Native.errno(errno)) == Errno.EINTR) {
                reserveInPieces(offset, size, errno);
                return;
            }
            check("fallocate", result, errno);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** A file in memory whose file system has no limit gets all there is, until the kernel ends processes, others than this one too. */
    private void requireMemoryFor(long size) {
        if (size >= MUCH_MEMORY && fileSystemType() == TMPFS) {
            long total = MachineMemory.total();
            if (size > total) {
                throw new LinuxException(
                        "fallocate",
                        path,
                        Errno.ENOSPC.number(),
                        "reserve less than the " + total + " bytes of memory and swap that the machine has");
            }
        }
    }

    /** A kernel that gives up at each signal, and one who sends them again and again, as profilers do: a piece goes through. */
    private void reserveInPieces(long offset, long size, MemorySegment errno) throws Throwable {
        long end = offset + size;
        for (long at = offset; at < end; ) {
            long piece = Math.min(PIECE, end - at);
            int result = (int) (long) FALLOCATE.invokeExact(errno, (long) descriptor, 0L, at, piece);
            if (result == 0) {
                at += piece;
            } else if (Errno.of(Native.errno(errno)) != Errno.EINTR) {
                check("fallocate", result, errno);
            }
        }
    }

    /** Permission bits, as in chmod(2); the process's umask does not apply. */
    public void setMode(int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            check("fchmod", (int) (long) FCHMOD.invokeExact(errno, (long) descriptor, (long) mode), errno);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    public void setGroup(int groupId) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            check("fchown", (int) (long) FCHOWN.invokeExact(errno, (long) descriptor, -1L, (long) groupId), errno);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Gives a nameless file its name in one step; EEXIST where the name is taken. */
    public void linkTo(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment from = arena.allocateFrom("/proc/self/fd/" + descriptor);
            MemorySegment to = arena.allocateFrom(name);
            var result = (int) (long)
                    LINKAT.invokeExact(errno, AT_FDCWD, from.address(), AT_FDCWD, to.address(), AT_SYMLINK_FOLLOW);
            if (result < 0) {
                throw new LinuxException("linkat", name, Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    public Status status() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment statx = arena.allocate(StatxLayout.SIZE, Long.BYTES);
            check(
                    "statx",
                    (int) (long) STATX.invokeExact(
                            errno,
                            (long) descriptor,
                            arena.allocateFrom("").address(),
                            AT_EMPTY_PATH,
                            STATX_BASIC_STATS,
                            statx.address()),
                    errno);
            return new Status(
                    Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, StatxLayout.MODE)),
                    statx.get(ValueLayout.JAVA_INT, StatxLayout.USER_ID),
                    statx.get(ValueLayout.JAVA_INT, StatxLayout.GROUP_ID),
                    statx.get(ValueLayout.JAVA_LONG, StatxLayout.INODE),
                    statx.get(ValueLayout.JAVA_LONG, StatxLayout.FILE_SIZE),
                    (long) statx.get(ValueLayout.JAVA_INT, StatxLayout.DEVICE_MAJOR) << 32
                            | Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, StatxLayout.DEVICE_MINOR)));
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The magic number of the file system. */
    public long fileSystemType() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment statfs = arena.allocate(StatfsLayout.SIZE, Long.BYTES);
            check("fstatfs", (int) (long) FSTATFS.invokeExact(errno, (long) descriptor, statfs.address()), errno);
            return statfs.get(ValueLayout.JAVA_LONG, StatfsLayout.TYPE);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Reads up to {@code size} bytes at {@code offset} of the file, not through any mapping; shorter at its end. */
    public byte[] read(long offset, int size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment buffer = arena.allocate(size);
            var result = (long) PREAD.invokeExact(errno, (long) descriptor, buffer.address(), (long) size, offset);
            if (result < 0) {
                throw new LinuxException("pread", path, Native.errno(errno));
            }
            return buffer.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Writes all bytes at {@code offset} of the file. */
    public void write(long offset, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment buffer = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long done = 0;
            while (done < bytes.length) {
                var result = (long) PWRITE.invokeExact(
                        errno, (long) descriptor, buffer.address() + done, bytes.length - done, offset + done);
                if (result <= 0) {
                    throw new LinuxException("pwrite", path, Native.errno(errno));
                }
                done += result;
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Takes flock(2) on the file, waiting for others; until this descriptor is closed. */
    public void lockExclusively() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            check("flock", (int) (long) FLOCK.invokeExact(errno, (long) descriptor, LOCK_EX), errno);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** fdatasync(2): what was written so far is on the disk. */
    public void synchronise() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            check("fdatasync", (int) (long) FDATASYNC.invokeExact(errno, (long) descriptor), errno);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private void check(String call, int result, MemorySegment errno) {
        if (result < 0) {
            throw new LinuxException(call, path, Native.errno(errno));
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            var result = (int) (long) CLOSE.invokeExact(arena.allocate(Native.errnoLayout()), (long) descriptor);
            assert result == 0 : path;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
