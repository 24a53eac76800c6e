package io.mortmain.cli.lock;

import io.mortmain.cli.process.ProcessStat;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.ProcessGroup;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The controlling terminal, lent to the command: only the group in its foreground may read from it and gets Ctrl-C and Ctrl-Z. Lent if
 * we have it, and nobody else of our group needs it: in {@code mortmain lock … | less} the terminal stays with {@code less}.
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
            if (ProcessGroup.inForeground(terminal.descriptor()) == ProcessGroup.own() && isAlone()) {
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

    /** Whether Ctrl-Z stops the command, and {@link #suspend} must stop us. */
    boolean isLent() {
        return terminal != null;
    }

    synchronized void lendTo(int group) {
        borrower = group;
        if (terminal != null) {
            ProcessGroup.putInForeground(terminal.descriptor(), group);
        }
    }

    synchronized void takeBack() {
        borrower = 0;
        putOwnInForeground();
    }

    private void putOwnInForeground() {
        if (terminal != null) {
            ProcessGroup.putInForeground(terminal.descriptor(), own);
        }
    }

    /** The command was stopped from the terminal: so are we and those who wait for us, until the shell continues us. */
    void suspend() {
        putOwnInForeground();
        if (hasShell()) {
            ProcessGroup.signalOwn(SIGTSTP);
        } else {
            resume();
        }
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
        if (ProcessGroup.inForeground(terminal.descriptor()) == own) {
            ProcessGroup.putInForeground(terminal.descriptor(), borrower);
        }
        ProcessGroup.signal(borrower, SIGCONT);
    }

    @Override
    public void close() {
        if (terminal != null) {
            terminal.close();
        }
    }
}
