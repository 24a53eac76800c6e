package io.mortmain.cli.lock;

import io.mortmain.cli.process.ProcessStat;
import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.ProcessGroup;
import java.util.List;

/**
 * The processes that run under the lock: a process group, and the command itself should it have left the group.
 *
 * @param leader whose number the group has; it ends as soon as the command runs. Number 0: nobody
 * @param session of every member
 * @param command number 0: not started, or not known
 */
public record RunningGroup(ProcessIdentity leader, int session, ProcessIdentity command) {
    /** Between two looks at processes that cannot be watched. */
    private static final int POLL_MILLIS = 10;
    /** After so long an interrupt is noticed. */
    private static final int SLICE_MILLIS = 50;

    private static final int NOBODY = 0;
    private static final int SOMEBODY = -1;

    /**
     * Whether anybody of it still runs. In doubt yes: a group whose members cannot be seen lives, and one whose number may have been
     * given anew to processes of the same session.
     */
    public boolean isAlive() {
        return anyone() != NOBODY;
    }

    /** Waits until nobody of it runs any more; false if the time was over before. */
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        for (int living = anyone(); living != NOBODY; living = anyone()) {
            if (deadline.isOver()) {
                return false;
            }
            awaitEnd(living, deadline);
        }
        return true;
    }

    private static void awaitEnd(int living, Deadline deadline) throws InterruptedException {
        try (PidDescriptor process = living == SOMEBODY ? null : PidDescriptor.ofProcess(living)) {
            if (process == null || process.awaitEnd(0)) {
                Thread.sleep(deadline.millis(POLL_MILLIS));
                return;
            }
            while (!deadline.isOver() && !process.awaitEnd(deadline.millis(SLICE_MILLIS))) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    /** Number of one that still runs, {@link #SOMEBODY} who cannot be seen, or {@link #NOBODY}. */
    private int anyone() {
        int found = look();
        return found == NOBODY ? look() : found; // a process may hand on to a child while we go through the list
    }

    private int look() {
        int group = leader.pid();
        if (group == NOBODY) {
            return NOBODY;
        }
        if (command.pid() != 0 && command.isAlive()) {
            return command.pid();
        }
        if (!ProcessGroup.signal(group, 0)) {
            return NOBODY;
        }
        // As long as a group has members the kernel gives its number to no new process.
        ProcessStat successor = ProcessStat.of(group);
        return successor != null && !leader.is(successor) ? NOBODY : livingMember(group);
    }

    private int livingMember(int group) {
        List<ProcessStat> members = ProcessStat.ofGroup(group);
        if (members.isEmpty()) {
            return ProcessGroup.signal(group, 0) ? SOMEBODY : NOBODY;
        }
        return members.stream()
                .filter(member -> member.isAlive() && member.session() == session)
                .mapToInt(ProcessStat::pid)
                .findFirst()
                .orElse(NOBODY);
    }

    /** Number of the group, for messages. */
    public int number() {
        return leader.pid();
    }
}
