package io.mortmain.cli.experiment;

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

/** The compiled jvm_forks.c in this JVM. What a child does is C code, but for {@link #forkToJava}. */
@SuppressWarnings("restricted")
public final class ForkLibrary {
    /** Bytes of each text in its struct seen. */
    private static final int TEXT = 64;

    private static final int TEXTS = 3;

    private final MethodHandle forkAndLook;
    private final MethodHandle forkToJava;
    private final MethodHandle endChild;
    private final MethodHandle awaitChild;
    private final MethodHandle forkAndExecute;
    private final MethodHandle forkThatOutlives;
    private final MethodHandle ownThread;
    private final MethodHandle forkInSignalHandler;
    private final MethodHandle isMapped;

    /** The library that a {@link Laboratory} has compiled. */
    public ForkLibrary(String path) {
        SymbolLookup library = SymbolLookup.libraryLookup(Path.of(path), Arena.global());
        forkAndLook = function(library, "fork_and_look", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        forkToJava = function(library, "fork_to_java", JAVA_INT);
        endChild = function(library, "end_child");
        awaitChild = function(library, "await_child", JAVA_INT);
        forkAndExecute = function(library, "fork_and_execute", ADDRESS, ADDRESS, ADDRESS);
        forkThatOutlives = function(library, "fork_that_outlives", ADDRESS);
        ownThread = function(library, "own_thread");
        forkInSignalHandler = function(library, "fork_in_signal_handler", JAVA_INT);
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

    /** Returns twice: in the child, which has an alarm, 0. By the bare system call the C library is not told of it. */
    int forkToJava(boolean bare) throws Throwable {
        return (int) forkToJava.invokeExact(bare ? 1 : 0);
    }

    /** In the child of {@link #forkToJava}: does not return. */
    void endChild() throws Throwable {
        int ignored = (int) endChild.invokeExact();
    }

    /** Whether it came to its end. */
    boolean hasEnded(int child) throws Throwable {
        return (int) awaitChild.invokeExact(child) != 0;
    }

    /** Forks, and its child executes a program at once, whose exit code this is; -1 where there is none. */
    int forkAndExecute(String program, String first, String second) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            return (int) forkAndExecute.invokeExact(
                    arena.allocateFrom(program), arena.allocateFrom(first), arena.allocateFrom(second));
        }
    }

    /** Forks a child that has all that this process has, and lives as long as the file is there, 90 s at most. Returns its number. */
    public int forkThatOutlives(String file) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            return (int) forkThatOutlives.invokeExact(arena.allocateFrom(file));
        }
    }

    /** The kernel's number of the calling thread. */
    int ownThread() throws Throwable {
        return (int) ownThread.invokeExact();
    }

    /** Forks in a handler that interrupts a thread of this process; whether it was done. */
    boolean forkInSignalHandler(int thread) throws Throwable {
        return (int) forkInSignalHandler.invokeExact(thread) != 0;
    }

    /** Whether the file is in the memory of this process. */
    boolean isMapped(String file) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            return (int) isMapped.invokeExact(arena.allocateFrom(file)) == 1;
        }
    }
}
