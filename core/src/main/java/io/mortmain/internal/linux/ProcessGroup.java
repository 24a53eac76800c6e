package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Groups of processes, as kill(2) reaches them and as a terminal has one in its foreground: getpgrp(2), getsid(2), tcsetpgrp(3). */
public final class ProcessGroup {
    private static final int SIG_BLOCK = 0;
    private static final int SIG_SETMASK = 2;
    private static final int SIGTTOU = 22;

    private static final MethodHandle KILL =
            Native.withErrno("kill", FunctionDescriptor.of(Native.C_INT, Native.C_INT, Native.C_INT));
    private static final MethodHandle GETPGRP = Native.function("getpgrp", FunctionDescriptor.of(Native.C_INT));
    private static final MethodHandle GETSID =
            Native.function("getsid", FunctionDescriptor.of(Native.C_INT, Native.C_INT));
    private static final MethodHandle TCGETPGRP =
            Native.function("tcgetpgrp", FunctionDescriptor.of(Native.C_INT, Native.C_INT));
    private static final MethodHandle TCSETPGRP =
            Native.withErrno("tcsetpgrp", FunctionDescriptor.of(Native.C_INT, Native.C_INT, Native.C_INT));
    private static final MethodHandle SIGMASK = Native.function(
            "pthread_sigmask",
            FunctionDescriptor.of(Native.C_INT, Native.C_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

    private ProcessGroup() {}

    /** The group of this process. */
    public static int own() {
        try {
            return (int) GETPGRP.invokeExact();
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The session of this process. */
    public static int session() {
        try {
            return (int) GETSID.invokeExact(0);
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
            var result = (int) KILL.invokeExact(errno, -group, signal);
            return result == 0 || Errno.of(Native.errno(errno)) != Errno.ESRCH;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Sends a signal to every member of the own group, this process included. */
    public static void signalOwn(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            var result = (int) KILL.invokeExact(arena.allocate(Native.errnoLayout()), 0, signal);
            assert result == 0 : signal;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The group in the foreground of the terminal behind the descriptor, or -1 where that is no terminal of this session. */
    public static int inForeground(int terminal) {
        try {
            return (int) TCGETPGRP.invokeExact(terminal);
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
            var blocked = (int) SIGMASK.invokeExact(SIG_BLOCK, block, before);
            var result = (int) TCSETPGRP.invokeExact(errno, terminal, group);
            var restored = (int) SIGMASK.invokeExact(SIG_SETMASK, before, MemorySegment.NULL);
            assert blocked == 0 && restored == 0;
            return result == 0;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
