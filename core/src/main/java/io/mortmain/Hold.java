package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.LockThreads;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fact that the thread which called {@code lock()} holds a mutex, until {@link #close}. Meant for try-with-resources; may be passed
 * on, but only that thread can use it, unless it came from {@link RobustMutex#lockForHandOver}.
 *
 * <p>A release by other means, by {@link RobustMutex#asLock} or in C, leaves the {@code Hold} open: closing it later releases what the thread
 * holds of the mutex then.
 *
 * <p><b>Owner death effects.</b> If the thread or its process ends before {@link #close}, in whatever way, the next acquirer is told. Where a
 * deputy holds, for a virtual thread or for hand-over, it is the process that must end.
 * A {@code Hold} that is dropped without {@link #close} is not a death: the mutex stays held, and a flag of the JVM,
 * {@code -Dio.mortmain.trackHolds=true}, has such a leak reported with the place of its acquisition once it is collected.
 */
public final class Hold implements AutoCloseable {
    private final RobustMutex mutex;
    /** Null once the hold is closed; one field for both keeps the object at 24 bytes. */
    private @Nullable LockThread holder;

    private @Nullable Death death;

    Hold(RobustMutex mutex, LockThread holder) {
        this.mutex = mutex;
        this.holder = holder;
    }

    void tell(@Nullable Death death) {
        this.death = death;
    }

    /** Whether the previous holder died while it held the mutex; the data may be half-written, unless a repair was given. */
    public boolean predecessorDied() {
        return death != null;
    }

    /** What is known of the death, if the predecessor died. */
    public Optional<Death> death() {
        return Optional.ofNullable(death);
    }

    /** The mutex that is held. */
    public RobustMutex mutex() {
        return mutex;
    }

    /**
     * Declares the data consistent after a death ({@code pthread_mutex_consistent}). Without it, {@link #close} makes the mutex not
     * recoverable. Not needed where a repair was given with the mutex: that has done it.
     *
     * @throws LockException reason {@code NOT_HOLDER}: the mutex is not inconsistent, or not held by the calling thread
     */
    public void markConsistent() {
        mutex.markConsistent(requireHolder(holder));
    }

    /**
     * Releases the mutex, or one level of a recursive one. A second call has no effect.
     *
     * <p>Memory consistency effects: what this thread did before happens-before what the next acquirer does after its {@code lock()}
     * returned, in any process.
     *
     * @throws LockException reason {@code NOT_HOLDER}: called by another thread than the one that locked, not for hand-over; the
     *     mutex is untouched; or the thread released it by other means
     */
    @Override
    public void close() {
        LockThread thread = holder; // once: for hand-over, another thread may be closing too
        if (thread == null) {
            return;
        }
        mutex.release(requireHolder(thread));
        holder = null;
        if (LeakedHolds.TRACKING) {
            LeakedHolds.closed(this);
        }
    }

    private LockThread requireHolder(@Nullable LockThread thread) {
        if (thread == null || !thread.isCurrent()) {
            if (thread == null || !thread.isAnybodys()) {
                throw notHolder(thread);
            }
        }
        return thread;
    }

    private LockException notHolder(@Nullable LockThread thread) {
        return new LockException(
                LockException.Reason.NOT_HOLDER,
                thread == null
                        ? "this hold of " + mutex + " was closed; lock again"
                        : LockThreads.nameOf(Thread.currentThread()) + " cannot release " + mutex + ": "
                                + LockThreads.nameOf(thread.thread())
                                + " holds it and must close the Hold itself");
    }
}
