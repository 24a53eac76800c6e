package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** epoll(7): one thread sleeps until any of many descriptors is readable, which others add and remove meanwhile. Thread-safe. */
public final class Epoll implements AutoCloseable {
    private static final long EPOLL_CLOEXEC = 02000000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final long AT_ONCE = 64;

    private static final MethodHandle EPOLL_CREATE = Native.withErrno("epoll_create1", 1);
    private static final MethodHandle EPOLL_CTL = Native.withErrno("epoll_ctl", 4);
    private static final MethodHandle EPOLL_WAIT = Native.function("epoll_wait", 4);

    private final int descriptor;

    public Epoll() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) EPOLL_CREATE.invokeExact(errno, EPOLL_CLOEXEC);
            if (result < 0) {
                throw new LinuxException("epoll_create1", "this process", Native.errno(errno));
            }
            descriptor = Descriptors.clearOfStreams(result);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * A number that nobody else gets until it is closed.
     *
     * @throws LinuxException where there is no descriptor left
     */
    public OwnDescriptor placeholder() {
        return OwnDescriptor.duplicate(descriptor, Descriptors.FIRST_AFTER_STREAMS);
    }

    /** From now on {@link #await} returns the token while the descriptor is readable. */
    public void add(int watched, long token) {
        control(EPOLL_CTL_ADD, watched, token);
    }

    /** Before the descriptor is closed: a child that is being born has it too, and with it what is watched. */
    public void remove(int watched) {
        control(EPOLL_CTL_DEL, watched, 0);
    }

    private void control(int operation, int watched, long token) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment event = arena.allocate(EpollEventLayout.SIZE, Long.BYTES);
            event.set(Native.C_INT, EpollEventLayout.EVENTS, EPOLLIN);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, EpollEventLayout.DATA, token);
            var result = (int) (long)
                    EPOLL_CTL.invokeExact(errno, (long) descriptor, (long) operation, (long) watched, event.address());
            if (result != 0) {
                throw new LinuxException("epoll_ctl", "descriptor " + watched, Native.errno(errno));
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Sleeps until a descriptor is readable, or the time is over.
     *
     * @param millis -1 for no limit
     * @return the tokens of up to 64 of those that are readable; none also where a signal came
     */
    public long[] await(int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(AT_ONCE * EpollEventLayout.SIZE, Long.BYTES);
            var ready =
                    (int) (long) EPOLL_WAIT.invokeExact((long) descriptor, events.address(), AT_ONCE, (long) millis);
            long[] tokens = new long[Math.max(ready, 0)];
            for (int i = 0; i < tokens.length; i++) {
                long data = (long) i * EpollEventLayout.SIZE + EpollEventLayout.DATA;
                tokens[i] = events.get(ValueLayout.JAVA_LONG_UNALIGNED, data);
            }
            return tokens;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }
}
