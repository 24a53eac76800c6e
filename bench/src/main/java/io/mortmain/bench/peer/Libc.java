package io.mortmain.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of the C library that the benchmarks call. */
public final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle KILL = function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final int SIGKILL = 9;
    /** {@code sizeof(cpu_set_t)}. */
    private static final int CPU_SET_SIZE = 128;

    private static final int LONGEST_VERSION = 64;

    private Libc() {}

    /** {@code int name(void *)}; the pointer goes as a number, which is the cheapest way. */
    public static MethodHandle takingPointer(String name, Linker.Option... options) {
        return function(name, FunctionDescriptor.of(JAVA_INT, JAVA_LONG), options);
    }

    @SuppressWarnings("restricted") // peers of the library, measured beside it
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /** Binds the calling thread to one processor; false where that is not allowed. */
    static boolean bindThread(int processor) {
        MethodHandle setAffinity =
                function("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(CPU_SET_SIZE, Long.BYTES);
            set.setAtIndex(JAVA_LONG, processor / Long.SIZE, 1L << (processor % Long.SIZE));
            return (int) setAffinity.invokeExact(0, (long) CPU_SET_SIZE, set) == 0;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Sends SIGKILL. */
    static void kill(int process) {
        try {
            if ((int) KILL.invokeExact(process, SIGKILL) != 0) {
                throw new IllegalStateException("process " + process + " could not be killed");
            }
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Of glibc, e.g. 2.36. */
    @SuppressWarnings("restricted") // a constant text of the library
    public static String version() {
        try {
            MethodHandle version = function("gnu_get_libc_version", FunctionDescriptor.of(ADDRESS));
            MemorySegment text = (MemorySegment) version.invokeExact();
            return text.reinterpret(LONGEST_VERSION).getString(0);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The kernel's number of the calling thread. */
    static int threadId() {
        try {
            return (int) function("gettid", FunctionDescriptor.of(JAVA_INT)).invokeExact();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
