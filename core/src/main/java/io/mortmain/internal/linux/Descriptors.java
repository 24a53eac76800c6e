package io.mortmain.internal.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The file descriptors of this process. Those of the JDK are not close-on-exec: not its jars, not what a thread reads at this moment. */
public final class Descriptors {
    private static final Path FOLDER = Path.of("/proc/self/fd");
    static final int FIRST_AFTER_STREAMS = 3;
    private static final long F_DUPFD_CLOEXEC = 1030;
    private static final long RLIMIT_NOFILE = 7;
    /** Whatever a thread opens gets the least free number: so few are opened between our look and the child's birth. */
    private static final int OPENED_MEANWHILE = 64;

    private static final MethodHandle GETRLIMIT = Native.function("getrlimit", 2);
    private static final MethodHandle CLOSE = Native.function("close", 1);
    private static final MethodHandle FCNTL = Native.variadicWithErrno("fcntl", 2, 3);

    private Descriptors() {}

    /** Gives back a number of ours. */
    static void close(int number) {
        try {
            var result = (int) (long) CLOSE.invokeExact((long) number);
            assert result == 0 : number;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Another number for what is open behind one, close-on-exec: the least free one that is not less than {@code least}. */
    static int duplicate(int number, int least) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) FCNTL.invokeExact(errno, (long) number, F_DUPFD_CLOEXEC, (long) least);
            if (result < 0) {
                throw new LinuxException("fcntl", "descriptor " + number, Native.errno(errno));
            }
            return result;
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * The number, or another for what we just opened, if it got that of a stream of ours that is closed: children that are given our streams
     * would have it. Where there is no other, it is closed.
     */
    static int clearOfStreams(int number) {
        if (number >= FIRST_AFTER_STREAMS) {
            return number;
        }
        try {
            return duplicate(number, FIRST_AFTER_STREAMS);
        } finally {
            close(number);
        }
    }

    /** Those above the three streams, in order; the one that this look itself needs may be among them. */
    public static SortedSet<Integer> open() {
        SortedSet<Integer> open = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(FOLDER)) {
            for (Path entry : entries) {
                open.add(Integer.valueOf(entry.getFileName().toString()));
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException(FOLDER + " cannot be read (" + unreadable + "); mount /proc", unreadable);
        }
        return open.tailSet(FIRST_AFTER_STREAMS);
    }

    /**
     * What a child must close to have none of ours but those kept; some of them are not open. Not among them is what has
     * a number beyond the limit, given to this process before that was lowered: posix_spawn(3) cannot close it.
     */
    static int[] toClose(Set<Integer> kept) {
        SortedSet<Integer> ours = open();
        ours.removeAll(kept);
        int next = ours.isEmpty() ? FIRST_AFTER_STREAMS : ours.last() + 1;
        int end = Math.min(next + OPENED_MEANWHILE, limit());
        return IntStream.range(0, end)
                .filter(descriptor -> !kept.contains(descriptor))
                .toArray();
    }

    /** To close a number from here on is refused by posix_spawn(3), open or not. */
    static int limit() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limits = arena.allocate(Native.C_LONG, 2);
            var result = (int) (long) GETRLIMIT.invokeExact(RLIMIT_NOFILE, limits.address());
            assert result == 0;
            long soft = limits.getAtIndex(Native.C_LONG, 0);
            return soft < 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, soft);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
