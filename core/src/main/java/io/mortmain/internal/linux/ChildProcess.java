package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A child of this process, by posix_spawnp(3) and waitid(2): unlike the JDK's, it can be put in a process group before it runs, can
 * stop without end, keeps its number until it is reaped, and inherits the descriptors that it is given, none of the JVM's own. No signal
 * is blocked.
 */
public final class ChildProcess {
    private static final int POSIX_SPAWN_SETPGROUP = 0x02;
    private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WSTOPPED = 2;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x1000000;
    private static final int SIGKILL = 9;
    private static final int CLD_EXITED = 1;
    private static final int CLD_STOPPED = 5;
    private static final int CLD_TRAPPED = 4;

    private static final FunctionDescriptor OF_POINTER = FunctionDescriptor.of(Native.C_INT, ValueLayout.ADDRESS);
    private static final MethodHandle SPAWN = Native.function(
            "posix_spawnp",
            FunctionDescriptor.of(
                    Native.C_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS));
    private static final MethodHandle ATTRIBUTES_INIT = Native.function("posix_spawnattr_init", OF_POINTER);
    private static final MethodHandle ATTRIBUTES_FLAGS = Native.function(
            "posix_spawnattr_setflags",
            FunctionDescriptor.of(Native.C_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_SHORT));
    private static final MethodHandle ATTRIBUTES_GROUP = Native.function(
            "posix_spawnattr_setpgroup", FunctionDescriptor.of(Native.C_INT, ValueLayout.ADDRESS, Native.C_INT));
    private static final MethodHandle ATTRIBUTES_MASK = Native.function(
            "posix_spawnattr_setsigmask",
            FunctionDescriptor.of(Native.C_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle ATTRIBUTES_DESTROY = Native.function("posix_spawnattr_destroy", OF_POINTER);
    private static final MethodHandle ACTIONS_INIT = Native.function("posix_spawn_file_actions_init", OF_POINTER);
    private static final MethodHandle ACTIONS_DUP2 = Native.function(
            "posix_spawn_file_actions_adddup2",
            FunctionDescriptor.of(Native.C_INT, ValueLayout.ADDRESS, Native.C_INT, Native.C_INT));
    private static final MethodHandle ACTIONS_CLOSE = Native.function(
            "posix_spawn_file_actions_addclose",
            FunctionDescriptor.of(Native.C_INT, ValueLayout.ADDRESS, Native.C_INT));
    private static final MethodHandle ACTIONS_DESTROY = Native.function("posix_spawn_file_actions_destroy", OF_POINTER);
    private static final MethodHandle WAITID = Native.withErrno(
            "waitid",
            FunctionDescriptor.of(Native.C_INT, Native.C_INT, Native.C_INT, ValueLayout.ADDRESS, Native.C_INT));
    private static final MethodHandle KILL =
            Native.withErrno("kill", FunctionDescriptor.of(Native.C_INT, Native.C_INT, Native.C_INT));

    private ChildProcess() {}

    /** How a wait ended: the exit code, or the signal that killed or stopped the child. */
    public record Change(Kind kind, int status) {
        /** What happened to the child. */
        public enum Kind {
            EXITED,
            KILLED,
            STOPPED
        }
    }

    /**
     * Starts a program, which is looked for in PATH if its name has no slash.
     *
     * @param command its name and arguments, as bytes without NUL; at least the name
     * @param environment all of it, each as NAME=value
     * @param group of processes that it joins; 0: it leads a new one
     * @param input descriptor that becomes its standard input; 0: it keeps ours
     * @param others descriptors above 2 that it inherits
     * @return number of the process
     * @throws LinuxException if it cannot be run
     */
    public static int spawn(List<byte[]> command, List<byte[]> environment, int group, int input, Set<Integer> others) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pid = arena.allocate(Native.C_INT);
            MemorySegment name = string(command.getFirst(), arena);
            MemorySegment attributes = attributes(group, arena);
            MemorySegment actions = actions(input, others, arena);
            var error = (int) SPAWN.invokeExact(
                    pid, name, actions, attributes, vector(command, arena), vector(environment, arena));
            require("posix_spawn_file_actions_destroy", (int) ACTIONS_DESTROY.invokeExact(actions));
            require("posix_spawnattr_destroy", (int) ATTRIBUTES_DESTROY.invokeExact(attributes));
            if (error != 0) {
                throw new LinuxException("posix_spawn", name.getString(0), error);
            }
            return pid.get(Native.C_INT, 0);
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** The environment that this process was started with, byte for byte: Java decodes it, and not every byte comes back. */
    public static List<byte[]> environment() {
        MemorySegment everything = Native.addressSpace();
        List<byte[]> variables = new ArrayList<>();
        long vector = everything.get(
                Native.POINTER, Native.find("environ").orElseThrow().address());
        for (long at = vector; vector != 0 && everything.get(Native.POINTER, at) != 0; at += Long.BYTES) {
            long start = everything.get(Native.POINTER, at);
            long end = start;
            while (everything.get(ValueLayout.JAVA_BYTE, end) != 0) {
                end++;
            }
            variables.add(everything.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE));
        }
        return variables;
    }

    /**
     * Waits until the child ends or, if {@code stops}, is stopped. One that has ended keeps its number until {@link #reap}; a stop is
     * reported once.
     */
    public static Change await(int pid, boolean stops) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SiginfoLayout.SIZE, Long.BYTES);
            wait(pid, info, WEXITED | WNOWAIT | (stops ? WSTOPPED : 0));
            int status = info.get(Native.C_INT, SiginfoLayout.STATUS);
            int code = info.get(Native.C_INT, SiginfoLayout.CODE);
            if (code == CLD_STOPPED || code == CLD_TRAPPED) {
                wait(pid, info, WSTOPPED | WNOHANG);
                return new Change(Change.Kind.STOPPED, status);
            }
            return new Change(code == CLD_EXITED ? Change.Kind.EXITED : Change.Kind.KILLED, status);
        }
    }

    /** Kills a child that has not been reaped. */
    public static void kill(int pid) {
        signal(pid, SIGKILL);
    }

    /** Sends a signal to a child that has not been reaped. */
    public static void signal(int pid, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            var result = (int) KILL.invokeExact(arena.allocate(Native.errnoLayout()), pid, signal);
            assert result == 0 : pid;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Waits for the end of the child and gives its number back. */
    public static void reap(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            wait(pid, arena.allocate(SiginfoLayout.SIZE, Long.BYTES), WEXITED);
        }
    }

    private static void wait(int pid, MemorySegment info, int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            while ((int) WAITID.invokeExact(errno, P_PID, pid, info, options) != 0) {
                if (Errno.of(Native.errno(errno)) != Errno.EINTR) {
                    throw new LinuxException("waitid", "process " + pid, Native.errno(errno));
                }
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static MemorySegment attributes(int group, Arena arena) throws Throwable {
        MemorySegment attributes = arena.allocate(SpawnLayout.ATTRIBUTES_SIZE, Long.BYTES);
        MemorySegment noSignals = arena.allocate(SpawnLayout.SIGNAL_SET_SIZE, Long.BYTES);
        require("posix_spawnattr_init", (int) ATTRIBUTES_INIT.invokeExact(attributes));
        require("posix_spawnattr_setpgroup", (int) ATTRIBUTES_GROUP.invokeExact(attributes, group));
        require("posix_spawnattr_setsigmask", (int) ATTRIBUTES_MASK.invokeExact(attributes, noSignals));
        var flags = (short) (POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
        require("posix_spawnattr_setflags", (int) ATTRIBUTES_FLAGS.invokeExact(attributes, flags));
        return attributes;
    }

    private static MemorySegment actions(int input, Set<Integer> others, Arena arena) throws Throwable {
        MemorySegment actions = arena.allocate(SpawnLayout.FILE_ACTIONS_SIZE, Long.BYTES);
        require("posix_spawn_file_actions_init", (int) ACTIONS_INIT.invokeExact(actions));
        if (input != 0) {
            require("posix_spawn_file_actions_adddup2", (int) ACTIONS_DUP2.invokeExact(actions, input, 0));
        }
        for (int descriptor : Descriptors.toClose(others)) {
            require("posix_spawn_file_actions_addclose", (int) ACTIONS_CLOSE.invokeExact(actions, descriptor));
        }
        return actions;
    }

    private static MemorySegment vector(List<byte[]> strings, Arena arena) {
        MemorySegment vector = arena.allocate(Native.POINTER, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            vector.setAtIndex(Native.POINTER, i, string(strings.get(i), arena).address());
        }
        return vector;
    }

    private static MemorySegment string(byte[] bytes, Arena arena) {
        MemorySegment string = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, string, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return string;
    }

    private static void require(String call, int error) {
        if (error != 0) {
            throw new LinuxException(call, "a child process", error);
        }
    }
}
