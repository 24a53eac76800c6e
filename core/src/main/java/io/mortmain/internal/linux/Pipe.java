package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** pipe2(2), both ends close-on-exec: a child that was spawned and has not yet called exec has them, the program it becomes has not. */
public final class Pipe implements AutoCloseable {
    private static final int O_CLOEXEC = 02000000;
    private static final MethodHandle PIPE2 =
            Native.withErrno("pipe2", FunctionDescriptor.of(Native.C_INT, ValueLayout.ADDRESS, Native.C_INT));
    private static final MethodHandle CLOSE =
            Native.function("close", FunctionDescriptor.of(Native.C_INT, Native.C_INT));

    private final int readEnd;
    private final int writeEnd;
    private boolean closed;

    private Pipe(int readEnd, int writeEnd) {
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
    }

    public static Pipe open() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment ends = arena.allocate(Native.C_INT, 2);
            if ((int) PIPE2.invokeExact(errno, ends, O_CLOEXEC) != 0) {
                throw new LinuxException("pipe2", "this process", Native.errno(errno));
            }
            return new Pipe(ends.getAtIndex(Native.C_INT, 0), ends.getAtIndex(Native.C_INT, 1));
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The descriptor to read from. */
    public int readEnd() {
        return readEnd;
    }

    /** Closes both ends. A second call has no effect. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            var read = (int) CLOSE.invokeExact(readEnd);
            var write = (int) CLOSE.invokeExact(writeEnd);
            assert read == 0 && write == 0;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
