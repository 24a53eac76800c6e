package io.mortmain.cli.lock;

import io.mortmain.cli.process.ProcessStat;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.ProcessGroup;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The controlling terminal, lent to the command while we have it: only the group in its foreground may read from it and gets Ctrl-C and
 * Ctrl-Z. So the command stops, goes on and is put in the foreground as the shell does it with us. Not where somebody else of our group
 * needs the terminal: in {@code mortmain lock … | less} it stays with {@code less}.
 */
final class ForegroundTerminal implements AutoCloseable {
    private static final int SIGCONT = 18;
    private static final int SIGTSTP = 20;

    private final @Nullable OpenFile terminal;
    private final int own = ProcessGroup.own();
    private int borrower;

    private ForegroundTerminal(@Nullable OpenFile terminal) {
        this.terminal = terminal;
    }

    static ForegroundTerminal open() {
        try {
            OpenFile terminal = OpenFile.existing("/dev/tty");
            if (isAlone()) {
                ForegroundTerminal lent = new ForegroundTerminal(terminal);
                OsSignals.handle("CONT", lent::resume);
                return lent;
            }
            terminal.close();
        } catch (LinuxException none) {
            // no controlling terminal
        }
        return new ForegroundTerminal(null);
    }

    /** Whether all of our group are ancestors of ours, such as a script that waits for us. */
    private static boolean isAlone() {
        Set<Integer> ancestors = new HashSet<>();
        int pid = (int) ProcessHandle.current().pid();
        for (ProcessStat process = ProcessStat.of(pid); process != null && ancestors.add(process.pid()); ) {
            process = ProcessStat.of(process.parent());
        }
        return ProcessStat.ofGroup(ProcessGroup.own()).stream()
                .allMatch(member -> ancestors.contains(member.pid()) || !member.isAlive());
    }

    /** Whether a stop of the command is the terminal's, and {@link #suspend} must stop us. */
    boolean isLent() {
        return terminal != null;
    }

    /** From now on the command runs in this group. */
    synchronized void lendTo(int group) {
        borrower = group;
        lend();
    }

    private void lend() {
        if (terminal != null && ProcessGroup.inForeground(terminal.descriptor()) == own) {
            ProcessGroup.putInForeground(terminal.descriptor(), borrower);
        }
    }

    /** The command has ended. */
    synchronized void takeBack() {
        giveBack();
        borrower = 0;
    }

    /**
     * Whether the foreground is ours to give: from the background, where the shell has put us, we must not take it. A shell that was
     * the command may have left in it a group that has ended.
     */
    private boolean isOurs(int foreground) {
        return foreground == own || foreground == borrower || foreground < 2 || !ProcessGroup.signal(foreground, 0);
    }

    /** The command was stopped from the terminal: so are we and those who wait for us, until the shell continues us. */
    void suspend() {
        boolean ours = giveBack();
        if (hasShell()) {
            ProcessGroup.signalOwn(SIGTSTP);
        } else if (ours) {
            resume();
        }
    }

    private synchronized boolean giveBack() {
        if (terminal == null || !isOurs(ProcessGroup.inForeground(terminal.descriptor()))) {
            return false;
        }
        return ProcessGroup.putInForeground(terminal.descriptor(), own);
    }

    /** Whether somebody of another group of our session can continue us; to a group without, the kernel denies stops from the terminal. */
    private boolean hasShell() {
        return ProcessStat.ofGroup(own).stream()
                .map(member -> ProcessStat.of(member.parent()))
                .anyMatch(parent ->
                        parent != null && parent.group() != own && parent.session() == ProcessGroup.session());
    }

    /** After a stop: continues the command, in the foreground if that is where the shell put us. */
    private synchronized void resume() {
        if (terminal == null || borrower == 0) {
            return;
        }
        lend();
        ProcessGroup.signal(borrower, SIGCONT);
    }

    @Override
    public void close() {
        if (terminal != null) {
            terminal.close();
        }
    }
}
