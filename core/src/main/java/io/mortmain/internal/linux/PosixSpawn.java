package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * posix_spawn(3): a program as a child of this process, without a copy of it. The child has the descriptors that it is given and no
 * others: those of the JDK are not close-on-exec.
 */
public final class PosixSpawn {
    private static final int POSIX_SPAWN_SETPGROUP = 0x02;
    private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final int POSIX_SPAWN_SETSID = 0x80;

    private static final MethodHandle SPAWN = Native.function("posix_spawn", 6);
    private static final MethodHandle ATTRIBUTES_INIT = Native.function("posix_spawnattr_init", 1);
    private static final MethodHandle ATTRIBUTES_FLAGS = Native.function("posix_spawnattr_setflags", 2);
    private static final MethodHandle ATTRIBUTES_GROUP = Native.function("posix_spawnattr_setpgroup", 2);
    private static final MethodHandle ATTRIBUTES_MASK = Native.function("posix_spawnattr_setsigmask", 2);
    private static final MethodHandle ATTRIBUTES_DEFAULT = Native.function("posix_spawnattr_setsigdefault", 2);
    private static final MethodHandle ATTRIBUTES_DESTROY = Native.function("posix_spawnattr_destroy", 1);
    private static final MethodHandle ACTIONS_INIT = Native.function("posix_spawn_file_actions_init", 1);
    private static final MethodHandle ACTIONS_DUP2 = Native.function("posix_spawn_file_actions_adddup2", 3);
    private static final MethodHandle ACTIONS_CLOSE = Native.function("posix_spawn_file_actions_addclose", 2);
    private static final MethodHandle ACTIONS_FOLDER = Native.function("posix_spawn_file_actions_addchdir_np", 2);
    private static final Optional<MethodHandle> ACTIONS_CLOSE_FROM = Native.find(
                    "posix_spawn_file_actions_addclosefrom_np")
            .filter(_ -> Facility.CLOSE_FROM.isAllowed())
            .map(_ -> Native.function("posix_spawn_file_actions_addclosefrom_np", 2));

    private static final MethodHandle ACTIONS_DESTROY = Native.function("posix_spawn_file_actions_destroy", 1);

    private PosixSpawn() {}

    /**
     * What the child is told beside its program. Strings are bytes without NUL.
     *
     * @param arguments the first is what the program believes to be its name
     * @param environment each as NAME=value
     * @param folder it works in; empty: ours
     * @param group of processes that it joins; 0: it leads a new one; null: ours
     * @param session whether it leads a new one
     * @param blocked signals that are blocked in it
     * @param defaults signals that have their default action in it even if we ignore them
     * @param descriptors by their number in the child, ours: none is the number in the child of an earlier row, unless that row is of the
     *     same; what has no row is closed there, the three streams included
     */
    public record Setting(
            List<byte[]> arguments,
            List<byte[]> environment,
            Optional<byte[]> folder,
            @Nullable Integer group,
            boolean session,
            Set<Integer> blocked,
            Set<Integer> defaults,
            SortedMap<Integer, Integer> descriptors) {}

    /**
     * Starts the program.
     *
     * @param program path, relative to the child's folder
     * @return number of the process, which is its own until it is waited for
     * @throws LinuxException if it cannot be run: what exec says, too
     */
    public static int start(byte[] program, Setting setting) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pid = arena.allocate(Native.C_INT);
            MemorySegment path = CStrings.of(program, arena);
            MemorySegment arguments = CStrings.vector(setting.arguments(), arena);
            MemorySegment environment = CStrings.vector(setting.environment(), arena);
            MemorySegment attributes = arena.allocate(SpawnLayout.ATTRIBUTES_SIZE, Long.BYTES);
            MemorySegment actions = arena.allocate(SpawnLayout.FILE_ACTIONS_SIZE, Long.BYTES);
            require("posix_spawnattr_init", (int) (long) ATTRIBUTES_INIT.invokeExact(attributes.address()));
            require("posix_spawn_file_actions_init", (int) (long) ACTIONS_INIT.invokeExact(actions.address()));
            try {
                fill(attributes, setting, arena);
                fill(actions, setting.descriptors());
                if (setting.folder().isPresent()) {
                    MemorySegment folder = CStrings.of(setting.folder().get(), arena);
                    require("posix_spawn_file_actions_addchdir_np", (int)
                            (long) ACTIONS_FOLDER.invokeExact(actions.address(), folder.address()));
                }
                var error = (int) (long) SPAWN.invokeExact(
                        pid.address(),
                        path.address(),
                        actions.address(),
                        attributes.address(),
                        arguments.address(),
                        environment.address());
                if (error != 0) {
                    throw new LinuxException("posix_spawn", path.getString(0), error);
                }
                return pid.get(Native.C_INT, 0);
            } finally {
                var actionsGone = (int) (long) ACTIONS_DESTROY.invokeExact(actions.address());
                var attributesGone = (int) (long) ATTRIBUTES_DESTROY.invokeExact(attributes.address());
                assert actionsGone == 0 && attributesGone == 0;
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    private static void fill(MemorySegment attributes, Setting setting, Arena arena) throws Throwable {
        int flags = POSIX_SPAWN_SETSIGMASK;
        MemorySegment blocked = signals(setting.blocked(), arena);
        require("posix_spawnattr_setsigmask", (int)
                (long) ATTRIBUTES_MASK.invokeExact(attributes.address(), blocked.address()));
        if (!setting.defaults().isEmpty()) {
            flags |= POSIX_SPAWN_SETSIGDEF;
            MemorySegment defaults = signals(setting.defaults(), arena);
            require("posix_spawnattr_setsigdefault", (int)
                    (long) ATTRIBUTES_DEFAULT.invokeExact(attributes.address(), defaults.address()));
        }
        if (setting.group() != null) {
            flags |= POSIX_SPAWN_SETPGROUP;
            int group = setting.group();
            require("posix_spawnattr_setpgroup", (int)
                    (long) ATTRIBUTES_GROUP.invokeExact(attributes.address(), (long) group));
        }
        if (setting.session()) {
            flags |= POSIX_SPAWN_SETSID;
        }
        require("posix_spawnattr_setflags", (int)
                (long) ATTRIBUTES_FLAGS.invokeExact(attributes.address(), (long) flags));
    }

    private static MemorySegment signals(Set<Integer> signals, Arena arena) {
        MemorySegment set = arena.allocate(SpawnLayout.SIGNAL_SET_SIZE, Long.BYTES);
        for (int signal : signals) {
            long word = (signal - 1L) / Long.SIZE;
            set.setAtIndex(Native.C_LONG, word, set.getAtIndex(Native.C_LONG, word) | 1L << (signal - 1));
        }
        return set;
    }

    /**
     * A duplicate of a number on itself only takes close-on-exec from it, since glibc 2.29; one from the limit on, which was given to this
     * process before that was lowered, can only be left as it is.
     */
    private static void fill(MemorySegment actions, SortedMap<Integer, Integer> descriptors) throws Throwable {
        int limit = Descriptors.limit();
        for (Map.Entry<Integer, Integer> row : descriptors.entrySet()) {
            int ours = row.getValue();
            int there = row.getKey();
            if (ours == there && there >= limit) {
                continue;
            }
            require("posix_spawn_file_actions_adddup2", (int)
                    (long) ACTIONS_DUP2.invokeExact(actions.address(), (long) ours, (long) there));
        }
        int rest = descriptors.isEmpty() ? 0 : descriptors.lastKey() + 1;
        boolean atOnce = ACTIONS_CLOSE_FROM.isPresent() && rest < limit;
        for (int unwanted : atOnce ? gaps(descriptors, rest) : Descriptors.toClose(descriptors.keySet())) {
            require("posix_spawn_file_actions_addclose", (int)
                    (long) ACTIONS_CLOSE.invokeExact(actions.address(), (long) unwanted));
        }
        if (atOnce) {
            MethodHandle closeFrom = ACTIONS_CLOSE_FROM.get();
            require("posix_spawn_file_actions_addclosefrom_np", (int)
                    (long) closeFrom.invokeExact(actions.address(), (long) rest));
        }
    }

    private static int[] gaps(SortedMap<Integer, Integer> descriptors, int end) {
        return IntStream.range(0, end)
                .filter(number -> !descriptors.containsKey(number))
                .toArray();
    }

    private static void require(String call, int error) {
        if (error != 0) {
            throw new LinuxException(call, "a child process", error);
        }
    }
}
