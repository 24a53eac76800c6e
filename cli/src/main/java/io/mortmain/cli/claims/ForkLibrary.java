package io.mortmain.cli.claims;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The compiled jvm_forks.c in this JVM. What the child does is C code. */
@SuppressWarnings("restricted")
final class ForkLibrary {
    /** Bytes of each text in its struct seen. */
    private static final int TEXT = 64;

    private static final int TEXTS = 3;

    private final MethodHandle forkAndLook;
    private final MethodHandle forkInSignalHandler;
    private final MethodHandle isMapped;

    ForkLibrary(String path) {
        SymbolLookup library = SymbolLookup.libraryLookup(Path.of(path), Arena.global());
        forkAndLook = function(library, "fork_and_look", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        forkInSignalHandler = function(library, "fork_in_signal_handler");
        isMapped = function(library, "is_mapped", ADDRESS);
    }

    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /**
     * What a child saw.
     *
     * @param data whether it is whole
     * @param region whether the file is in its memory
     * @param calls a copy
     */
    record Seen(String data, String region, String calls) {}

    /** Forks in the calling thread. */
    Seen fork(MemorySegment data, MemorySegment calls, String file) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment seen = arena.allocate((long) TEXT * TEXTS);
            boolean ended = (int) forkAndLook.invokeExact(data, calls, arena.allocateFrom(file), seen) != 0;
            if (!ended) {
                throw new IllegalStateException("the child of a fork did not come to its end");
            }
            return new Seen(text(seen, 0), text(seen, 1), text(seen, 2));
        }
    }

    private static String text(MemorySegment seen, int place) {
        return seen.getString((long) place * TEXT, StandardCharsets.ISO_8859_1);
    }

    /** Forks in a handler that interrupts the calling thread; whether it was done. */
    boolean forkInSignalHandler() throws Throwable {
        return (int) forkInSignalHandler.invokeExact() != 0;
    }

    /** Whether the file is in the memory of this process. */
    boolean isMapped(String file) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            return (int) isMapped.invokeExact(arena.allocateFrom(file)) == 1;
        }
    }
}
