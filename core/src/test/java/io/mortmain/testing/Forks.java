package io.mortmain.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;

/** Real forks of this JVM, by src/test/c/forks.c. */
public final class Forks {
    /** What {@link #outcomeOf} says of a child that was killed by that signal, less the signal. */
    public static final int SIGNALLED = 128;

    private static final SymbolLookup LIBRARY =
            SymbolLookup.libraryLookup(CProgram.compileLibrary("forks"), Arena.global());

    private Forks() {}

    /** Calls a function without arguments that returns an int. */
    public static int call(String function) {
        try {
            return (int) Linker.nativeLinker()
                    .downcallHandle(LIBRARY.findOrThrow(function), FunctionDescriptor.of(JAVA_INT))
                    .invokeExact();
        } catch (Throwable thrown) {
            throw new AssertionError(function, thrown);
        }
    }

    /** As {@link #call(String)}, with a number. */
    public static int call(String function, int argument) {
        try {
            return (int) Linker.nativeLinker()
                    .downcallHandle(LIBRARY.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                    .invokeExact(argument);
        } catch (Throwable thrown) {
            throw new AssertionError(function, thrown);
        }
    }

    /** As {@link #call(String)}, with an address. */
    public static int callAt(String function, long address) {
        try {
            return (int) Linker.nativeLinker()
                    .downcallHandle(LIBRARY.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, JAVA_LONG))
                    .invokeExact(address);
        } catch (Throwable thrown) {
            throw new AssertionError(function, thrown);
        }
    }

    /** So many children, one after the other, which execute a program or end at once; how many did not end as they should. */
    public static int forkOften(int times, boolean exec) {
        try {
            return (int) Linker.nativeLinker()
                    .downcallHandle(
                            LIBRARY.findOrThrow("fork_often"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT))
                    .invokeExact(times, exec ? 1 : 0);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** Kills a child and reaps it. */
    public static void kill(int child) {
        if (call("end_child", child) < 0) {
            throw new AssertionError("child " + child + " does not end");
        }
    }

    /** How a child ended: its exit code, or {@link #SIGNALLED} and the signal, or a negative number where it hung. */
    public static int outcomeOf(int child) {
        return call("outcome_of", child);
    }

    /** How many lines of its memory map have the text, in a forked child. */
    public static int piecesInChild(String text) {
        try (Arena arena = Arena.ofConfined()) {
            return callAt("pieces_in_child", arena.allocateFrom(text).address());
        }
    }
}
