package io.mortmain.cli.lock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mortmain.internal.linux.ChildProcess;
import io.mortmain.internal.linux.ChildProcess.Change;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.Pipe;
import io.mortmain.internal.linux.ProcessGroup;
import java.util.List;
import java.util.Set;

/**
 * Runs a command in a process group that stands in the record before the command exists. Whoever finds the record after our death, at
 * whatever moment, waits for the group.
 */
/*
 * A placeholder leads the group: a shell that reads from a pipe. Its other end is ours, and that of the child from its birth until it
 * is in the group; then the child closes it and becomes the command. So there is no moment at which the group is empty and the command still to come: if we
 * are killed before the child is born, the pipe ends, the placeholder ends, and the command never runs. A shell that waits and then
 * becomes the command would do with one process less, but shells change the environment, and say in their own words what they cannot run.
 */
final class GuardedCommand {
    private static final List<byte[]> PLACEHOLDER = List.of(ascii("/bin/sh"), ascii("-c"), ascii("read -r line"));

    private final HolderRecord record;
    private final SignalRelay signals;
    private final ForegroundTerminal terminal;
    private final Set<Integer> descriptors;

    /** @param descriptors above the three streams that the command inherits */
    GuardedCommand(HolderRecord record, SignalRelay signals, ForegroundTerminal terminal, Set<Integer> descriptors) {
        this.record = record;
        this.signals = signals;
        this.terminal = terminal;
        this.descriptors = descriptors;
    }

    /** How the command ended, and its number. */
    record End(int pid, Change change) {
        boolean isSuccess() {
            return change.kind() == Change.Kind.EXITED && change.status() == 0;
        }

        boolean isDeath() {
            return change.kind() == Change.Kind.KILLED;
        }

        /** As a shell gives it. */
        int exitCode() {
            return isDeath() ? LockFailure.SIGNAL + change.status() : change.status();
        }
    }

    /** What to do with an end before the record is taken back. */
    interface Conclusion {
        void draw(End end);
    }

    /** Runs it to its end. The record names its group until the conclusion is drawn, and longer if anything unforeseen is thrown. */
    End run(List<byte[]> command, List<byte[]> environment, Conclusion conclusion) throws LockFailure {
        signals.requireNone();
        try (Pipe pipe = Pipe.open()) {
            int group = ChildProcess.spawn(PLACEHOLDER, List.of(), 0, pipe.readEnd(), Set.of());
            try {
                record.enter(ProcessIdentity.ofChild(group), ProcessGroup.session());
                terminal.lendTo(group);
                int pid = start(command, environment, group);
                pipe.close();
                End end = new End(pid, await(pid, group));
                conclusion.draw(end);
                record.leave();
                return end;
            } finally {
                terminal.takeBack();
                ChildProcess.kill(group);
                ChildProcess.reap(group);
            }
        }
    }

    private int start(List<byte[]> command, List<byte[]> environment, int group) throws LockFailure {
        try {
            int pid = ChildProcess.spawn(command, environment, group, 0, descriptors);
            recordStart(pid);
            return pid;
        } catch (LinuxException refused) {
            record.leave();
            throw new LockFailure(
                    refused.errno() == Errno.ENOENT ? LockFailure.NO_SUCH_COMMAND : LockFailure.NOT_EXECUTABLE,
                    "The command cannot be run: " + refused.getMessage());
        }
    }

    private void recordStart(int pid) {
        try {
            record.started(ProcessIdentity.ofChild(pid));
        } catch (InternalError truncated) {
            // The command runs, and is waited for; that the record is gone is seen again at its end.
        }
    }

    /** The numbers of command and group stay theirs until no signal can be passed on any more. */
    private Change await(int pid, int group) {
        signals.passTo(group);
        Change change = ChildProcess.await(pid, terminal.isLent());
        while (change.kind() == Change.Kind.STOPPED) {
            terminal.suspend();
            change = ChildProcess.await(pid, terminal.isLent());
        }
        signals.stopPassing();
        ChildProcess.reap(pid);
        return change;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
