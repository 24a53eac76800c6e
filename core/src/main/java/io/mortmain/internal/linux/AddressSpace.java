package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** mmap(2), munmap(2), mremap(2), mprotect(2), madvise(2): what is mapped where in this process. Addresses and sizes are bytes, page-aligned. */
public final class AddressSpace {
    public static final long PAGE_SIZE = pageSize();

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final long MREMAP_MAYMOVE = 1;
    private static final int MADV_DONTFORK = 10;
    private static final int MADV_WIPEONFORK = 18;
    private static final long FAILED = -1;

    private static final MethodHandle MMAP = Native.withErrno("mmap", 6);
    private static final MethodHandle MUNMAP = Native.withErrno("munmap", 2);
    private static final MethodHandle MREMAP = Native.variadicWithErrno("mremap", 4, 4);
    private static final MethodHandle MPROTECT = Native.withErrno("mprotect", 3);
    private static final MethodHandle MADVISE = Native.withErrno("madvise", 3);

    private AddressSpace() {}

    /** Every address of this process as one segment. Only {@code MappedWords} may use it. */
    public static MemorySegment everything() {
        return Native.addressSpace();
    }

    /** The checked view of mapped bytes that becomes inaccessible when the arena closes. */
    public static MemorySegment view(long address, long size, Arena arena) {
        return Native.segment(address, size, arena);
    }

    /** Zeroed private memory at an address that the kernel chooses; costs nothing until it is touched. */
    public static long reserve(long size) {
        return map(
                0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, "private memory");
    }

    /** Replaces whatever is mapped at {@code address} by zeroed private memory, in one step. */
    public static void replaceByPrivate(long address, long size) {
        map(
                address,
                size,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
                -1,
                0,
                "private memory");
    }

    /**
     * Maps a file for reading and writing, shared with other processes, at an address that the kernel chooses. A child that is forked later
     * has nothing there: it could store into what its parent's threads have in hand, and keep a removed file's memory for as long as it lives.
     */
    public static long mapShared(int descriptor, long offset, long size, String path) {
        long address = map(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset, path);
        leaveOutOfChildren(address, size);
        return address;
    }

    /** As {@link #mapShared} in place of whatever is mapped at {@code address}. */
    public static void mapSharedAt(long address, int descriptor, long offset, long size, String path) {
        map(address, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, offset, path);
        leaveOutOfChildren(address, size);
    }

    /* Nothing that this call needs can be missing for pages that have just been mapped as one piece: it cannot fail there. */
    private static void leaveOutOfChildren(long address, long size) {
        advise(address, size, MADV_DONTFORK, "MADV_DONTFORK");
    }

    /** Maps a file privately: what is written stays in this process. No lock works there; for the test of that refusal only. */
    static long mapPrivate(int descriptor, long offset, long size, String path) {
        return map(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, offset, path);
    }

    /** A second mapping of the shared pages at {@code address}, which children do not have either; mremap(2) with an old size of 0. */
    public static long duplicateShared(long address, long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (long) MREMAP.invokeExact(errno, address, 0L, size, MREMAP_MAYMOVE);
            if (result == FAILED) {
                throw new LinuxException("mremap", size + " bytes", Native.errno(errno));
            }
            return result;
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    public static void unmap(long address, long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) MUNMAP.invokeExact(errno, address, size);
            if (result != 0) {
                throw new LinuxException("munmap", size + " bytes", Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Private memory that a forked child finds zeroed. */
    public static long reserveWipedOnFork(long size) {
        long address = reserve(size);
        wipeOnFork(address, size);
        return address;
    }

    /** From now on a forked child finds this private memory zeroed. */
    public static void wipeOnFork(long address, long size) {
        advise(address, size, MADV_WIPEONFORK, "MADV_WIPEONFORK");
    }

    /**
     * Makes private memory, which has just been written for the first time, code: readable and executable, and no longer writable. On
     * aarch64 the kernel makes the processors see what was written when it makes such a page executable.
     *
     * @throws LinuxException EACCES or EPERM where the machine's policy keeps programs from making code (SELinux, PR_SET_MDWE)
     */
    public static void makeExecutable(long address, long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) MPROTECT.invokeExact(errno, address, size, (long) (PROT_READ | PROT_EXEC));
            if (result != 0) {
                throw new LinuxException("mprotect(PROT_EXEC)", size + " bytes", Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static void advise(long address, long size, int advice, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) MADVISE.invokeExact(errno, address, size, (long) advice);
            if (result != 0) {
                throw new LinuxException("madvise(" + name + ")", size + " bytes", Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static long map(
            long address, long size, int protection, int flags, int descriptor, long offset, String object) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (long)
                    MMAP.invokeExact(errno, address, size, (long) protection, (long) flags, (long) descriptor, offset);
            if (result == FAILED) {
                throw new LinuxException("mmap", object + " (" + size + " bytes)", Native.errno(errno));
            }
            return result;
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static long pageSize() {
        try {
            return (int) (long) Native.function("getpagesize", 0).invokeExact();
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
