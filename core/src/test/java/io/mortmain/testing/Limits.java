package io.mortmain.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** The soft limits of this process (getrlimit(2)), by the numbers of bits/resource.h. */
public final class Limits {
    public static final int PROCESSES = 6;
    public static final int DESCRIPTORS = 7;
    public static final int ADDRESS_SPACE = 9;

    private static final int PAGE = 4096;
    private static final MethodHandle GET = function("getrlimit");
    private static final MethodHandle SET = function("setrlimit");

    private Limits() {}

    private static MethodHandle function(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /** The limit now. */
    public static long of(int resource) {
        try (Arena arena = Arena.ofConfined()) {
            return get(resource, arena).getAtIndex(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Sets the limit, and returns what it was. */
    public static long set(int resource, long most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment softAndHard = get(resource, arena);
            long before = softAndHard.getAtIndex(ValueLayout.JAVA_LONG, 0);
            softAndHard.setAtIndex(ValueLayout.JAVA_LONG, 0, most);
            call(SET, resource, softAndHard);
            return before;
        }
    }

    private static MemorySegment get(int resource, Arena arena) {
        MemorySegment softAndHard = arena.allocate(ValueLayout.JAVA_LONG, 2);
        call(GET, resource, softAndHard);
        return softAndHard;
    }

    private static void call(MethodHandle function, int resource, MemorySegment softAndHard) {
        int result;
        try {
            result = (int) function.invokeExact(resource, softAndHard);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
        if (result != 0) {
            throw new IllegalStateException("limit " + resource + " cannot be had or set");
        }
    }

    /** Bytes that this process has mapped: a limit at which it gets no more. */
    public static long addressSpaceInUse() throws IOException {
        String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[0];
        return Long.parseLong(pages) * PAGE;
    }
}
