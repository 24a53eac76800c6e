package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * poll(2) over descriptors that come and go, and an eventfd(2) by which other threads end the sleep. Used by one thread, but for
 * {@link #wake}.
 *
 * <pre>
 *   struct pollfd    0        4          6           8
 *                    +--------+----------+-----------+
 *                    | fd     | events   | revents   |
 *                    +--------+----------+-----------+
 * </pre>
 */
public final class Poll implements AutoCloseable {
    private static final int ENTRY_SIZE = 8;
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final int POLLIN = 1;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final MethodHandle POLL =
            Native.function("poll", FunctionDescriptor.of(Native.C_INT, Native.POINTER, Native.C_LONG, Native.C_INT));
    private static final MethodHandle EVENTFD =
            Native.withErrno("eventfd", FunctionDescriptor.of(Native.C_INT, Native.C_INT, Native.C_INT));
    private static final FunctionDescriptor TRANSFER =
            FunctionDescriptor.of(Native.C_LONG, Native.C_INT, Native.POINTER, Native.C_LONG);
    private static final MethodHandle READ = Native.function("read", TRANSFER);
    private static final MethodHandle WRITE = Native.function("write", TRANSFER);

    private final int event;
    private final MemorySegment one = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment drained = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private Arena arena = Arena.ofAuto();
    private MemorySegment entries = arena.allocate(ENTRY_SIZE, ENTRY_SIZE);

    public Poll() {
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment errno = scratch.allocate(Native.errnoLayout());
            event = (int) EVENTFD.invokeExact(errno, 0, EFD_CLOEXEC_NONBLOCK);
            if (event < 0) {
                throw new LinuxException("eventfd", "this process", Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Ends the sleep of now, or the next one. From any thread. */
    public void wake() {
        try {
            var written = (long) WRITE.invokeExact(event, one.address(), (long) Long.BYTES);
            assert written == Long.BYTES || written == -1 : written; // -1: woken 2^64 times before
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Sleeps until a descriptor is readable, {@link #wake} was called, or the time is over.
     *
     * @param descriptors those that are negative are passed over
     * @param millis -1 for no limit
     * @return for each descriptor whether it is readable
     */
    public boolean[] await(int[] descriptors, int millis) {
        prepare(descriptors);
        boolean[] readable = new boolean[descriptors.length];
        try {
            var ready = (int) POLL.invokeExact(entries.address(), descriptors.length + 1L, millis);
            if (ready <= 0) {
                return readable; // nothing, or a signal came
            }
            if (isReady(descriptors.length)) {
                var read = (long) READ.invokeExact(event, drained.address(), (long) Long.BYTES);
                assert read == Long.BYTES || read == -1 : read;
            }
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
        for (int i = 0; i < descriptors.length; i++) {
            readable[i] = isReady(i);
        }
        return readable;
    }

    @Override
    public void close() {
        PidDescriptor.close(event);
    }

    /** Whether one descriptor becomes readable within the time; -1 for no limit. */
    static boolean awaitOne(int descriptor, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(ENTRY_SIZE, ENTRY_SIZE);
            entry.set(Native.C_INT, 0, descriptor);
            entry.set(ValueLayout.JAVA_SHORT, EVENTS, (short) POLLIN);
            return (int) POLL.invokeExact(entry.address(), 1L, millis) == 1;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private void prepare(int[] descriptors) {
        long size = (descriptors.length + 1L) * ENTRY_SIZE;
        if (entries.byteSize() < size) {
            arena = Arena.ofAuto();
            entries = arena.allocate(size * 2, ENTRY_SIZE);
        }
        for (int i = 0; i <= descriptors.length; i++) {
            entries.set(Native.C_INT, (long) i * ENTRY_SIZE, i < descriptors.length ? descriptors[i] : event);
            entries.set(ValueLayout.JAVA_SHORT, (long) i * ENTRY_SIZE + EVENTS, (short) POLLIN);
            entries.set(ValueLayout.JAVA_SHORT, (long) i * ENTRY_SIZE + REVENTS, (short) 0);
        }
    }

    private boolean isReady(int index) {
        return entries.get(ValueLayout.JAVA_SHORT, (long) index * ENTRY_SIZE + REVENTS) != 0;
    }
}
