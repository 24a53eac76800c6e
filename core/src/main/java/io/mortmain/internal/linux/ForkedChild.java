package io.mortmain.internal.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** A child of this process that one of its threads forked, as /proc shows it. See proc_pid_stat(5). */
public final class ForkedChild {
    /** Of the flags of a process in /proc: it was forked, and has not executed a program since. PF_FORKNOEXEC in linux/sched.h. */
    private static final long FORKED_WITHOUT_EXEC = 0x40;

    private static final int STATE = 0;
    private static final int FLAGS = 6;
    private static final int START = 19;

    private final int pid;
    private final String start;

    private ForkedChild(int pid, String start) {
        this.pid = pid;
        this.start = start;
    }

    /** What has become of it. */
    public enum State {
        /** It runs the program of its parent. */
        FORKED,
        /** It executed a program, and may have ended since. */
        EXECUTED,
        /** It ended without having executed a program. */
        ENDED,
        /** It is gone, and whether it executed a program was not seen. */
        GONE
    }

    /** The children that a thread of this process forked and that have not been reaped; none where /proc does not show them. */
    public static Set<Integer> of(int threadId) {
        try {
            String children = Files.readString(Path.of("/proc/self/task", Integer.toString(threadId), "children"))
                    .strip();
            return children.isEmpty()
                    ? Set.of()
                    : Arrays.stream(children.split(" ", -1))
                            .map(Integer::valueOf)
                            .collect(Collectors.toSet());
        } catch (IOException hidden) {
            return Set.of();
        }
    }

    /** The child that has this number now. */
    public static ForkedChild numbered(int pid) {
        String[] fields = fields(pid);
        return new ForkedChild(pid, fields.length > START ? fields[START] : "");
    }

    public int pid() {
        return pid;
    }

    public State state() {
        String[] fields = fields(pid);
        if (fields.length <= START || !fields[START].equals(start)) {
            return State.GONE;
        }
        boolean hasExecuted = (Long.parseLong(fields[FLAGS]) & FORKED_WITHOUT_EXEC) == 0;
        boolean hasEnded = fields[STATE].equals("Z") || fields[STATE].equals("X");
        return hasExecuted ? State.EXECUTED : hasEnded ? State.ENDED : State.FORKED;
    }

    /** What follows the name, from the state on. */
    private static String[] fields(int pid) {
        try {
            String line =
                    Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return line.substring(line.lastIndexOf(") ") + 2).split(" ", -1);
        } catch (IOException gone) {
            return new String[0];
        }
    }
}
