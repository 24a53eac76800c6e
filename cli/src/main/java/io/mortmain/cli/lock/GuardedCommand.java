package io.mortmain.cli.lock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mortmain.errors.SpawnException;
import io.mortmain.internal.linux.ChildWait;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.OwnDescriptor;
import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.ProcessGroup;
import io.mortmain.process.Child;
import io.mortmain.process.ChildExit;
import io.mortmain.process.Handover;
import io.mortmain.process.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * Runs a command in a process group that stands in the record before the command exists. Whoever finds the record after our death, at
 * whatever moment, waits for the group.
 */
/*
 * A placeholder leads the group: a shell that reads from a pipe. Its other end is ours, and that of the child from its birth until it
 * is in the group; then the child closes it and becomes the command. So there is no moment at which the group is empty and the command still to come: if we
 * are killed before the child is born, the pipe ends, the placeholder ends, and the command never runs. Nobody finds only a command that
 * leaves the group by itself, as setsid(1) does, if we are killed in the moment between its start and the note of its number. A shell that waits and then
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
    record End(int pid, ChildExit exit) {
        boolean isSuccess() {
            return exit.isSuccess();
        }

        boolean isDeath() {
            return exit.signal().isPresent();
        }

        /** Of a death. */
        int signal() {
            return exit.signal().orElseThrow();
        }

        /** As a shell gives it. */
        int exitCode() {
            return exit.shellCode();
        }
    }

    /** What to do with an end before the record is taken back. */
    interface Conclusion {
        void draw(End end);
    }

    /** Runs it to its end. The record names its group until the conclusion is drawn, and longer if anything unforeseen is thrown. */
    End run(List<byte[]> command, List<byte[]> environment, Conclusion conclusion) throws LockFailure {
        signals.requireNone();
        try (Child placeholder = Spawn.ofBytes(PLACEHOLDER)
                .environmentBytes(List.of())
                .stdin(Handover.pipeToChild())
                .newGroup()
                .keepNumber()
                .start()) {
            int group = placeholder.pid();
            try {
                record.enter(ProcessIdentity.ofChild(group), ProcessGroup.session());
                terminal.lendTo(group);
                End end = runInGroup(command, environment, placeholder);
                conclusion.draw(end);
                record.leave();
                return end;
            } finally {
                terminal.takeBack();
                placeholder.kill();
                awaitEnd(placeholder);
            }
        }
    }

    private End runInGroup(List<byte[]> command, List<byte[]> environment, Child placeholder) throws LockFailure {
        try (Child child = start(command, environment, placeholder.pid())) {
            closePipe(placeholder);
            return new End(child.pid(), await(child, placeholder.pid()));
        }
    }

    private static void closePipe(Child placeholder) {
        try {
            placeholder.stdin().close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Child start(List<byte[]> command, List<byte[]> environment, int group) throws LockFailure {
        try {
            Spawn spawn = Spawn.ofBytes(command)
                    .environmentBytes(environment)
                    .group(group)
                    .keepNumber();
            descriptors.stream().filter(OwnDescriptor::isOpen).forEach(spawn::keep);
            Child child = spawn.start();
            recordStart(child.pid());
            return child;
        } catch (SpawnException refused) {
            record.leave();
            boolean isNone = refused.errno() == Errno.ENOENT.number() || command.getFirst().length == 0;
            throw new LockFailure(
                    isNone ? LockFailure.NO_SUCH_COMMAND : LockFailure.NOT_EXECUTABLE,
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
    private ChildExit await(Child child, int group) {
        signals.passTo(group);
        if (terminal.isLent()) {
            suspendWith(child);
        }
        ChildExit exit = awaitEnd(child);
        signals.stopPassing();
        return exit;
    }

    /** Until it ends, stops when it is stopped. */
    private void suspendWith(Child child) {
        try (PidDescriptor process = PidDescriptor.ofChild(child.pid())) {
            while (ChildWait.awaitStop(process)) {
                terminal.suspend();
            }
        }
    }

    /** Whatever interrupts: it is for others to say what comes of it. */
    private static ChildExit awaitEnd(Child child) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return child.await();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
