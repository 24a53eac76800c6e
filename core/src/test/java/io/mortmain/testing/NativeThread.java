package io.mortmain.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A thread of C code in this process that holds a mutex, and calls of C code that last: with memory, until they are ended, or many locks. */
public final class NativeThread {
    private static final SymbolLookup LIBRARY =
            SymbolLookup.libraryLookup(CProgram.compileLibrary("native_holder"), Arena.global());

    private final int threadId;

    private NativeThread(int threadId) {
        this.threadId = threadId;
    }

    /** A C thread that holds the mutex. */
    public static NativeThread locking(MemorySegment mutex) {
        try {
            return new NativeThread(
                    (int) function("lock_on_a_thread", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                            .invokeExact(mutex));
        } catch (Throwable failed) {
            throw new AssertionError(failed);
        }
    }

    public int threadId() {
        return threadId;
    }

    public void unlockAndEnd() {
        call("unlock_and_end");
    }

    /** A thread that is inside of a call with the memory, which it has written to. */
    public static Thread insideACallWith(MemorySegment memory) {
        MethodHandle stay = function("stay", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                stay.invokeExact(memory);
            } catch (Throwable failed) {
                throw new AssertionError(failed);
            }
        });
        while (memory.get(ValueLayout.JAVA_BYTE, 0) == 0) {
            Thread.onSpinWait();
        }
        return thread;
    }

    /** Ends those calls. */
    public static void endCalls() {
        call("end_calls");
    }

    /** Locks the mutex on the calling thread, by C code; how often that succeeded. */
    public static long lockOften(MemorySegment mutex, long times) {
        try {
            return (long) function(
                            "lock_often",
                            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG))
                    .invokeExact(mutex, times);
        } catch (Throwable failed) {
            throw new AssertionError(failed);
        }
    }

    private static void call(String name) {
        try {
            function(name, FunctionDescriptor.ofVoid()).invokeExact();
        } catch (Throwable failed) {
            throw new AssertionError(failed);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), descriptor);
    }
}
