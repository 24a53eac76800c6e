package io.mortmain.cli.torture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Calls that no Java program should make: they are the fault. */
@SuppressWarnings("restricted")
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final long PAGE = 4096;
    /** More than any has. */
    static final long MUTEX_SIZE = 64;

    private static final int PROT_READ = 1;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MAP_FIXED = 0x10;
    private static final int MREMAP_MAYMOVE_FIXED = 3;
    private static final int SYS_GETTID = 186;
    private static final int SYS_SET_ROBUST_LIST = 273;
    private static final int RLIMIT_NOFILE = 7;

    private Libc() {}

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    private static long call(MethodHandle handle, Object... arguments) {
        try {
            return (long) handle.invokeWithArguments(arguments);
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static long numbers(String name, long... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        Object[] boxed = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = JAVA_LONG;
            boxed[i] = arguments[i];
        }
        return call(function(name, layouts), boxed);
    }

    /** Does it to the page that the address is in. */
    static int spoil(long address, String how) {
        long page = address & -PAGE;
        return (int)
                switch (how) {
                    case "unmap" -> numbers("munmap", page, PAGE);
                    case "read-only" -> numbers("mprotect", page, PAGE, PROT_READ);
                    case "no-access" -> numbers("mprotect", page, PAGE, 0);
                    case "move" -> {
                        long to = numbers("mmap", 0, PAGE, 0, MAP_PRIVATE_ANONYMOUS, -1, 0);
                        yield numbers("mremap", page, PAGE, PAGE, MREMAP_MAYMOVE_FIXED, to) == to ? 0 : -1;
                    }
                    case "cover" ->
                        numbers("mmap", page, PAGE, 3, MAP_PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0) == page ? 0 : -1;
                    default -> throw new IllegalArgumentException(how);
                };
    }

    private static long systemCall(long... arguments) {
        // The function is variadic; on the machines that we run on, numbers are passed as they are otherwise.
        return numbers("syscall", arguments);
    }

    static int threadId() {
        return (int) systemCall(SYS_GETTID);
    }

    /** Registers another, empty list for the calling thread. */
    static int replaceRobustList() {
        MemorySegment head = Arena.global().allocate(24, 8);
        head.set(JAVA_LONG, 0, head.address());
        return (int) systemCall(SYS_SET_ROBUST_LIST, head.address(), 24);
    }

    static int lock(long mutex) {
        return (int) numbers("pthread_mutex_lock", mutex);
    }

    static int unlock(long mutex) {
        return (int) numbers("pthread_mutex_unlock", mutex);
    }

    /** A robust mutex of glibc in private memory. */
    static long newMutex() {
        MemorySegment mutex = Arena.global().allocate(MUTEX_SIZE, MUTEX_SIZE);
        initialise(mutex.address());
        return mutex.address();
    }

    /** Zeroed memory becomes a robust mutex. */
    static void initialise(long address) {
        MemorySegment.ofAddress(address).reinterpret(64).set(JAVA_INT, 16, 0x90);
    }

    static int word(long mutex) {
        return MemorySegment.ofAddress(mutex).reinterpret(4).get(JAVA_INT, 0);
    }

    static long newPage() {
        return numbers("mmap", 0, PAGE, 3, MAP_PRIVATE_ANONYMOUS, -1, 0);
    }

    static void abort() {
        numbers("abort");
    }

    static void crash() {
        MemorySegment.ofAddress(8).reinterpret(8).set(JAVA_BYTE, 0, (byte) 1);
    }

    /** Returns only if it failed. */
    static void execIdle(String program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(program);
            MemorySegment arguments = arena.allocate(ADDRESS, 3);
            arguments.setAtIndex(ADDRESS, 0, path);
            arguments.setAtIndex(ADDRESS, 1, arena.allocateFrom("idle"));
            numbers("execv", path.address(), arguments.address());
        }
    }

    /** For the whole process. */
    static void becomeUser(int user) {
        if ((int) numbers("setresuid", user, user, user) != 0) {
            throw new IllegalStateException("setresuid failed");
        }
    }

    /** For the whole process. */
    static void limitFiles(long most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocateFrom(JAVA_LONG, most, most);
            numbers("setrlimit", RLIMIT_NOFILE, limit.address());
        }
    }
}
