package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * poll(2) over descriptors that come and go, and an eventfd(2) by which other threads end the sleep. Used by one thread, but for
 * {@link #wake}.
 */
public final class Poll implements AutoCloseable {
    private static final int POLLIN = 1;
    private static final long EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final MethodHandle POLL = Native.function("poll", 3);
    private static final MethodHandle EVENTFD = Native.withErrno("eventfd", 2);
    private static final MethodHandle READ = Native.function("read", 3);
    private static final MethodHandle WRITE = Native.function("write", 3);

    private final int event;
    private final MemorySegment one = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment drained = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private Arena arena = Arena.ofAuto();
    private MemorySegment entries = arena.allocate(PollfdLayout.SIZE, PollfdLayout.SIZE);

    public Poll() {
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment errno = scratch.allocate(Native.errnoLayout());
            event = (int) (long) EVENTFD.invokeExact(errno, 0L, EFD_CLOEXEC_NONBLOCK);
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
            var written = (long) WRITE.invokeExact((long) event, one.address(), (long) Long.BYTES);
            assert written == Long.BYTES || written == -1 : written; // -1: woken 2^64 times before
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Sleeps until a descriptor is readable, {@link #wake} was called, or the time is over.
     *
     * @param descriptors those that are negative are passed over
     * @param millis at most
     * @return for each descriptor whether it is readable
     */
    public boolean[] await(int[] descriptors, int millis) {
        prepare(descriptors);
        boolean[] readable = new boolean[descriptors.length];
        try {
            var ready = (int) (long) POLL.invokeExact(entries.address(), descriptors.length + 1L, (long) millis);
            if (ready <= 0) {
                return readable; // nothing, or a signal came
            }
            if (isReady(descriptors.length)) {
                var read = (long) READ.invokeExact((long) event, drained.address(), (long) Long.BYTES);
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
        Descriptors.close(event);
    }

    /** Whether one descriptor becomes readable within the time; -1 for no limit. */
    static boolean awaitOne(int descriptor, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(PollfdLayout.SIZE, PollfdLayout.SIZE);
            ask(entry, 0, descriptor);
            return (int) (long) POLL.invokeExact(entry.address(), 1L, (long) millis) == 1;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private void prepare(int[] descriptors) {
        long size = (descriptors.length + 1L) * PollfdLayout.SIZE;
        if (entries.byteSize() < size) {
            arena = Arena.ofAuto();
            entries = arena.allocate(size * 2, PollfdLayout.SIZE);
        }
        for (int i = 0; i <= descriptors.length; i++) {
            ask(entries, i, i < descriptors.length ? descriptors[i] : event);
        }
    }

    private static void ask(MemorySegment entries, int index, int descriptor) {
        long entry = (long) index * PollfdLayout.SIZE;
        entries.set(Native.C_INT, entry + PollfdLayout.DESCRIPTOR, descriptor);
        entries.set(ValueLayout.JAVA_SHORT, entry + PollfdLayout.EVENTS, (short) POLLIN);
        entries.set(ValueLayout.JAVA_SHORT, entry + PollfdLayout.HAPPENED, (short) 0);
    }

    private boolean isReady(int index) {
        return entries.get(ValueLayout.JAVA_SHORT, (long) index * PollfdLayout.SIZE + PollfdLayout.HAPPENED) != 0;
    }
}
