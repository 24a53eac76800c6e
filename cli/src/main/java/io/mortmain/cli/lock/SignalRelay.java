package io.mortmain.cli.lock;

import io.mortmain.internal.linux.ProcessGroup;
import java.util.Map;

/**
 * Passes the signals that ask for an end on to the command; while none runs, they end the waiting. After one, nothing is begun any
 * more. Thread-safe.
 */
final class SignalRelay {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int NONE = 0;

    private final Thread waiting;
    private int group = NONE;
    private int arrived = NONE;

    private SignalRelay(Thread waiting) {
        this.waiting = waiting;
    }

    /** From now on; the calling thread is interrupted by a signal that arrives while no command runs. */
    static SignalRelay install() {
        SignalRelay relay = new SignalRelay(Thread.currentThread());
        SIGNALS.forEach((name, number) -> OsSignals.handle(name, () -> relay.arrived(number)));
        return relay;
    }

    private synchronized void arrived(int signal) {
        arrived = signal; // also while a recovery runs: the command must not follow it
        if (group != NONE) {
            ProcessGroup.signal(group, signal);
        } else {
            waiting.interrupt();
        }
    }

    /** The command runs in this group. */
    synchronized void passTo(int commandGroup) {
        group = commandGroup;
        if (arrived != NONE) {
            ProcessGroup.signal(group, arrived);
        }
    }

    /** The command has ended, and its group will lose its number. */
    synchronized void stopPassing() {
        group = NONE;
    }

    /** Refuses to begin anything after a signal. */
    void requireNone() throws LockFailure {
        int signal;
        synchronized (this) {
            signal = arrived;
        }
        if (signal != NONE) {
            throw new LockFailure(
                    LockFailure.SIGNAL + signal, "Ended by signal " + signal + " before the command ran.");
        }
    }
}
