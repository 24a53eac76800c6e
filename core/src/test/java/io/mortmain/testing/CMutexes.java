package io.mortmain.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Robust mutexes of C code on the calling thread: glibc's own functions, called directly. Addresses are those of pthread_mutex_t. */
public final class CMutexes {
    /** Bytes that are allocated for a pthread_mutex_t or a pthread_mutexattr_t: more than any libc needs. */
    private static final long ROOM = 64;

    /** errno of a lock whose predecessor died. */
    public static final int EOWNERDEAD = 130;

    private static final int ROBUST = 1;
    private static final int PROCESS_SHARED = 1;
    private static final int PRIORITY_INHERIT = 1;

    private static final MethodHandle LOCK = function("pthread_mutex_lock", 1);
    private static final MethodHandle UNLOCK = function("pthread_mutex_unlock", 1);
    private static final MethodHandle CONSISTENT = function("pthread_mutex_consistent", 1);

    private CMutexes() {}

    /** A new one in private memory that is never freed. */
    public static long create() {
        return initialise(Arena.global().allocate(ROOM, 64).address(), false);
    }

    /** A new one with priority inheritance: links to it have bit 0 set. */
    public static long createInheriting() {
        return initialise(Arena.global().allocate(ROOM, 64).address(), true);
    }

    /** One at a given place. */
    public static long initialise(long mutex, boolean inheriting) {
        try (Arena arena = Arena.ofConfined()) {
            long attributes = arena.allocate(ROOM, 64).address();
            call(function("pthread_mutexattr_init", 1), attributes);
            call2(function("pthread_mutexattr_setrobust", 2), attributes, ROBUST);
            call2(function("pthread_mutexattr_setpshared", 2), attributes, PROCESS_SHARED);
            if (inheriting) {
                call2(function("pthread_mutexattr_setprotocol", 2), attributes, PRIORITY_INHERIT);
            }
            Linker linker = Linker.nativeLinker();
            MethodHandle init = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("pthread_mutex_init"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
            var result = (int) init.invokeExact(mutex, attributes);
            require(result);
            return mutex;
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    public static void lock(long mutex) {
        require(tryLock(mutex));
    }

    /** What pthread_mutex_lock returns. */
    public static int tryLock(long mutex) {
        return call(LOCK, mutex);
    }

    /** As {@link #lock}, but by pthread_mutex_timedlock, with a time limit. */
    public static void lockWithin(long mutex, int seconds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment deadline = arena.allocate(2L * Long.BYTES, Long.BYTES);
            deadline.set(JAVA_LONG, 0, System.currentTimeMillis() / 1_000 + seconds);
            Linker linker = Linker.nativeLinker();
            MethodHandle timedLock = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("pthread_mutex_timedlock"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
            var result = (int) timedLock.invokeExact(mutex, deadline.address());
            require(result);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    public static void unlock(long mutex) {
        require(call(UNLOCK, mutex));
    }

    /** After {@link #tryLock} returned EOWNERDEAD. */
    public static void markConsistent(long mutex) {
        require(call(CONSISTENT, mutex));
    }

    private static int call(MethodHandle function, long argument) {
        try {
            return (int) function.invokeExact(argument);
        } catch (Error failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    private static void call2(MethodHandle function, long first, int second) throws Throwable {
        require((int) function.invokeExact(first, second));
    }

    private static void require(int result) {
        if (result != 0) {
            throw new AssertionError("a pthread function returned " + result);
        }
    }

    private static MethodHandle function(String name, int arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                arguments == 1
                        ? FunctionDescriptor.of(JAVA_INT, JAVA_LONG)
                        : FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    }
}
