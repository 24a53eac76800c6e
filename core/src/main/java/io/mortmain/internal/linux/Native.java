package io.mortmain.internal.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.Optional;

/**
 * The only place that links native code: every downcall handle of the library is made here, and so is the one segment that spans
 * the address space. The other classes of this package wrap one kernel facility each.
 */
final class Native {
    static final ValueLayout.OfInt C_INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong C_LONG = ValueLayout.JAVA_LONG;
    static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Native() {}

    /*
     * Every argument and the result is a long. Where C declares less, a function looks at as much of the register as it declares, and of an
     * int result the upper half means nothing: the caller casts it (System V ABI for x86-64; AAPCS64). The JDK makes classes for each
     * combination of types and options, which takes milliseconds, at the start of every program; so only the number of arguments, errno
     * and what is variadic make a difference.
     */

    /** A call that reports no error, of a function with so many arguments. */
    @SuppressWarnings("restricted") // the choke point
    static MethodHandle function(String name, int arguments, Linker.Option... options) {
        MemoryLayout[] longs = Collections.nCopies(arguments, C_LONG).toArray(MemoryLayout[]::new);
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(C_LONG, longs), options);
    }

    /** A call with a first argument more: a segment of {@link #errnoLayout()} that receives errno. */
    static MethodHandle withErrno(String name, int arguments) {
        return function(name, arguments, Linker.Option.captureCallState("errno"));
    }

    /** A call that reports no error, of a C function that takes variable arguments from {@code firstVariadic} on. */
    static MethodHandle variadic(String name, int firstVariadic, int arguments) {
        return function(name, arguments, Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** As {@link #withErrno}, of a C function that takes variable arguments from {@code firstVariadic} on. */
    static MethodHandle variadicWithErrno(String name, int firstVariadic, int arguments) {
        return function(
                name,
                arguments,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** syscall(2), with a segment for errno, the call's number and four arguments; the kernel looks at those that the call has. */
    static MethodHandle systemCall() {
        return variadicWithErrno("syscall", 1, 5);
    }

    static Optional<MemorySegment> find(String name) {
        return LIBC.find(name);
    }

    static MemoryLayout errnoLayout() {
        return Linker.Option.captureStateLayout();
    }

    static int errno(MemorySegment captured) {
        return (int) ERRNO.get(captured, 0L);
    }

    /** Every address of this process as one segment without bounds; see {@code MappedWords} for who may use it. */
    @SuppressWarnings("restricted") // the choke point
    static MemorySegment addressSpace() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /** A segment of {@code size} bytes at {@code address} that lives as long as {@code arena}. */
    @SuppressWarnings("restricted") // the choke point
    static MemorySegment segment(long address, long size, java.lang.foreign.Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(size, arena, null);
    }

    /** Wraps what a handle threw: no C function throws, so this is a defect of the library or of the JVM. */
    static AssertionError unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new AssertionError("a native call threw", thrown);
    }

    private static MemorySegment symbol(String name) {
        return LIBC.find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no function " + name
                        + "; Mortmain needs glibc 2.31 or later (a Debian, Ubuntu, Fedora or RHEL image has it)"));
    }
}
