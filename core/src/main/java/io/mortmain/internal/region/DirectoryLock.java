package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.Outcome;
import io.mortmain.internal.lock.SlowPaths;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The mutex in slot 0, which whoever adds an object to the directory holds: one process at a time, and none for ever. */
final class DirectoryLock {
    private static final long WAIT_NANOS = 30_000_000_000L;
    private static final int KIND = RegionFile.DIRECTORY_MUTEX_KIND;
    private final Mapping mapping;
    private final Path path;
    private final SlowPaths slowPaths;
    private final Gate gate;
    private final long mutex;

    /** @param path how messages name the region */
    DirectoryLock(Mapping mapping, Path path, Gate gate) {
        this.mapping = mapping;
        this.path = path;
        this.slowPaths = mapping.lockers().slowPaths();
        this.gate = gate;
        this.mutex = mapping.mutex(0);
    }

    /**
     * What the action gives, which runs while the calling thread holds the directory.
     *
     * @throws RegionException reason {@code IN_USE} where others keep the directory for long, {@code LIMIT_REACHED} where the thread
     *     holds too many mutexes, {@code CLOSED} or {@code DAMAGED}; the action did not run
     */
    <T> T holding(Supplier<T> action) {
        LockThread me = mapping.lockers().current();
        acquire(me);
        T result;
        try {
            result = action.get();
        } catch (InternalError truncated) {
            slowPaths.finishAfterFault(me, mutex, KIND, gate);
            throw truncated;
        } catch (RuntimeException | Error failed) {
            release(me);
            throw failed;
        }
        release(me);
        return result;
    }

    private void acquire(LockThread me) {
        Outcome outcome = slowPaths.lock(me, mutex, KIND, gate, WAIT_NANOS, false);
        switch (outcome) {
            case ACQUIRED -> {}
            case ACQUIRED_AFTER_DEATH -> slowPaths.markConsistent(me, mutex); // a half-made entry was never published
            case CLOSED -> throw Failures.closed(path);
            case TOO_MANY ->
                throw new RegionException(
                        Reason.LIMIT_REACHED,
                        "the directory of region " + path
                                + " cannot be changed: this thread holds " + RobustListLayout.LIMIT
                                + " robust mutexes, those of C code included; hold fewer at once");
            default ->
                throw new RegionException(
                        outcome == Outcome.BUSY ? Reason.IN_USE : Reason.DAMAGED,
                        "the directory of region " + path + " cannot be changed (" + outcome
                                + "): another process keeps or has spoilt its mutex; end that process, or remove the region");
        }
    }

    private void release(LockThread me) {
        try {
            slowPaths.unlock(me, mutex, KIND, gate);
        } catch (InternalError truncated) {
            slowPaths.finishAfterFault(me, mutex, KIND, gate);
            throw truncated;
        }
    }
}
