package io.mortmain.cli.lock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.LockException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the mutex, waits for the command of a predecessor that died, runs the recovery and the command, and releases. Every death is
 * moved from the mutex to the record as soon as it is known: there it stays until a command has dealt with it, whoever dies.
 */
public final class LockedRun {
    private final LockSettings settings;
    private final PrintWriter err;
    private final Deadline deadline;
    private final SignalRelay signals;
    private final Set<Integer> descriptors = InheritedDescriptors.read();
    /** Of the command; null until it has ended. */
    private GuardedCommand.@Nullable End ended;

    private LockedRun(LockSettings settings, PrintWriter err) {
        this.settings = settings;
        this.err = err;
        this.deadline = Deadline.in(settings.timeout());
        this.signals = SignalRelay.install();
        OsSignals.setDefault("CHLD"); // if it was ignored, nobody would know how the command ended
    }

    /** Runs the command on the calling thread, once a process; returns its exit code, or 128 and the signal that killed it. */
    public static int run(LockSettings settings, PrintWriter err) throws LockFailure, IOException {
        LockedRun run = new LockedRun(settings, err);
        while (true) {
            long file = run.inode();
            try (Region region = Region.openOrCreate(settings.name(), HolderRecord.SIZE, settings.options())) {
                Integer exitCode = run.runIn(region, file);
                if (exitCode != null) {
                    return exitCode;
                }
            } catch (InternalError truncated) { // so the JVM reports an access to memory that its file no longer has
                throw run.damaged();
            } catch (LockException | RegionException refusal) {
                if (run.ended == null) {
                    throw refusal;
                }
                throw run.damaged();
            }
        }
    }

    /** Null if the name meant another region when we opened it than now that we hold its mutex: it was removed meanwhile. */
    private @Nullable Integer runIn(Region region, long file) throws LockFailure, IOException {
        // the record of a holder has process numbers, which mean something in one namespace only
        if (region.severalPidNamespaces()) {
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    region
                            + " was created for several PID namespaces, and mortmain lock needs one for one; give another name");
        }
        RobustMutex mutex = region.mutex(HolderRecord.MUTEX);
        HolderRecord record = new HolderRecord(region.memory(HolderRecord.OBJECT, HolderRecord.SIZE));
        try (Hold hold = acquire(mutex)) {
            if (hold.predecessorDied()) {
                record.noteDeathOfLock();
                hold.markConsistent();
            }
            if (inode() != file) {
                return null;
            }
            record.requireSound(settings.name());
            awaitPredecessor(record);
            return runHolding(record);
        }
    }

    private Hold acquire(RobustMutex mutex) throws LockFailure {
        try {
            @Nullable Hold hold = deadline.isForever() ? mutex.lockInterruptibly() : mutex.tryLock(deadline.left());
            if (hold == null) {
                throw timedOut("somebody holds it");
            }
            return hold;
        } catch (InterruptedException signalled) {
            signals.requireNone();
            throw new IllegalStateException("interrupted without a signal", signalled);
        } catch (NotRecoverableException gaveUp) {
            throw new LockFailure(
                    LockFailure.NOT_RECOVERABLE,
                    "Lock " + settings.name()
                            + " is not recoverable: a program that was told of a death gave up; repair its data, then run"
                            + " 'mortmain reset " + settings.name() + " " + HolderRecord.MUTEX + "'.");
        }
    }

    private void awaitPredecessor(HolderRecord record) throws LockFailure {
        RunningGroup predecessor = record.group();
        try {
            if (!predecessor.isAlive()) {
                record.leave();
                return;
            }
            err.println("mortmain: the last holder of lock " + settings.name()
                    + " died, but its command still runs (process group " + predecessor.number()
                    + "); waiting for it.");
            err.flush();
            if (!predecessor.awaitEnd(deadline)) {
                throw timedOut("its last holder died, but the command in process group " + predecessor.number()
                        + " still runs");
            }
            record.leave();
        } catch (InterruptedException signalled) {
            signals.requireNone();
            throw new IllegalStateException("interrupted without a signal", signalled);
        }
    }

    private int runHolding(HolderRecord record) throws LockFailure, IOException {
        try (ForegroundTerminal terminal = ForegroundTerminal.open()) {
            GuardedCommand guarded = new GuardedCommand(record, signals, terminal, descriptors);
            List<byte[]> environment = PredecessorVariables.environment(record);
            if (record.isDeathPending() && settings.recovery() != null) {
                recover(guarded, environment, record, settings.recovery());
            }
            List<byte[]> command = OriginalArguments.read().last(settings.command());
            return guarded.run(command, environment, end -> {
                        ended = end;
                        if (end.isDeath()) {
                            record.noteDeath(end.pid(), end.signal());
                        } else if (end.isSuccess()) {
                            record.settleDeath();
                        }
                    })
                    .exitCode();
        }
    }

    private void recover(GuardedCommand guarded, List<byte[]> environment, HolderRecord record, String recovery)
            throws LockFailure, IOException {
        List<byte[]> command = List.of(
                "/bin/sh".getBytes(US_ASCII),
                "-c".getBytes(US_ASCII),
                OriginalArguments.read().value("--recover", recovery));
        GuardedCommand.End end = guarded.run(command, environment, ended -> {
            if (ended.isSuccess()) {
                record.settleDeath();
            }
        });
        signals.requireNone(); // however the recovery took it
        if (!end.isSuccess()) {
            throw new LockFailure(
                    LockFailure.RECOVERY_FAILED,
                    "The recovery failed with exit code " + end.exitCode()
                            + "; the command did not run, and the next one is told again.");
        }
    }

    /** What the command did is done, and its exit code stays the answer. */
    private LockFailure damaged() {
        String file = "region " + settings.file();
        return ended == null
                ? new LockFailure(
                        LockFailure.UNUSABLE,
                        "The command did not run: " + file + " was truncated; remove that file once nobody uses it.")
                : new LockFailure(
                        ended.exitCode(),
                        "The command has ended, but " + file
                                + " was truncated meanwhile: others may have run at the same time, or may not be told of a"
                                + " death; remove that file once nobody uses it.");
    }

    private LockFailure timedOut(String why) {
        return new LockFailure(
                LockFailure.TIMED_OUT,
                "The time was over before lock " + settings.name() + " could be had: " + why + ".");
    }

    private long inode() throws IOException {
        try {
            return (long) Files.getAttribute(settings.file(), "unix:ino");
        } catch (FileSystemException none) { // or a name that cannot be: who opens it says so
            return 0;
        }
    }
}
