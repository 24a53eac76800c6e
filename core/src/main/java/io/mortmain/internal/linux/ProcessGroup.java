package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Groups of processes, as kill(2) reaches them and as a terminal has one in its foreground: getpgrp(2), getsid(2), tcsetpgrp(3). */
public final class ProcessGroup {
    private static final long SIG_BLOCK = 0;
    private static final long SIG_SETMASK = 2;
    private static final int SIGTTOU = 22;

    private static final MethodHandle KILL = Native.withErrno("kill", 2);
    private static final MethodHandle GETPGRP = Native.function("getpgrp", 0);
    private static final MethodHandle GETSID = Native.function("getsid", 1);
    private static final MethodHandle TCGETPGRP = Native.function("tcgetpgrp", 1);
    private static final MethodHandle TCSETPGRP = Native.withErrno("tcsetpgrp", 2);
    private static final MethodHandle SIGMASK = Native.function("pthread_sigmask", 3);

    private ProcessGroup() {}

    /** The group of this process. */
    public static int own() {
        try {
            return (int) (long) GETPGRP.invokeExact();
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The session of this process. */
    public static int session() {
        try {
            return (int) (long) GETSID.invokeExact(0L);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Sends a signal to every member of the group; signal 0 only asks. A zombie that nobody has reaped is a member.
     *
     * @param group 2 or more: to kill(2), -1 means everybody
     * @return whether the group has a member
     */
    public static boolean signal(int group, int signal) {
        if (group < 2) {
            throw new IllegalArgumentException("group is " + group + " and must be 2 or more");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            var result = (int) (long) KILL.invokeExact(errno, (long) -group, (long) signal);
            return result == 0 || Errno.of(Native.errno(errno)) != Errno.ESRCH;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Sends a signal to every member of the own group, this process included. */
    public static void signalOwn(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            var result = (int) (long) KILL.invokeExact(arena.allocate(Native.errnoLayout()), 0L, (long) signal);
            assert result == 0 : signal;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The group in the foreground of the terminal behind the descriptor, or -1 where that is no terminal of this session. */
    public static int inForeground(int terminal) {
        try {
            return (int) (long) TCGETPGRP.invokeExact((long) terminal);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /**
     * Puts a group of this session in the foreground of the terminal. Works from the background, too: SIGTTOU is blocked meanwhile, in
     * the calling thread.
     *
     * @return false where the terminal or the group is gone
     */
    public static boolean putInForeground(int terminal, int group) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment block = arena.allocate(SpawnLayout.SIGNAL_SET_SIZE, Long.BYTES);
            MemorySegment before = arena.allocate(SpawnLayout.SIGNAL_SET_SIZE, Long.BYTES);
            block.set(Native.C_LONG, 0, 1L << (SIGTTOU - 1));
            var blocked = (int) (long) SIGMASK.invokeExact(SIG_BLOCK, block.address(), before.address());
            var result = (int) (long) TCSETPGRP.invokeExact(errno, (long) terminal, (long) group);
            var restored = (int) (long) SIGMASK.invokeExact(SIG_SETMASK, before.address(), 0L);
            assert blocked == 0 && restored == 0;
            return result == 0;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
