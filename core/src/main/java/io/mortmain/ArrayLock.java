package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.internal.lock.LockThread;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What keeps others away from elements of an array: one mutex for all of them, or several, the stripes, for some each. Sets of stripes are
 * bits, the lowest for the first stripe.
 */
abstract sealed class ArrayLock permits WholeLock, StripedLock {
    /** The object's own mutex, under which the journal is used. */
    final GuardedLock own;

    ArrayLock(GuardedLock own) {
        this.own = own;
    }

    /** How many. */
    abstract int stripes();

    /** All of them. */
    final long all() {
        return -1L >>> (Long.SIZE - stripes());
    }

    /** The stripe of the element, from 0. */
    abstract int stripeOf(int element);

    /** Acquires, waiting as long as it takes; the data of these stripes are whole then. */
    abstract LockThread acquire(long stripes);

    /** As {@link #acquire}, within some time; null when that was over. */
    abstract @Nullable LockThread tryAcquire(long stripes, Deadline deadline) throws InterruptedException;

    /** As {@link #acquire}, of everything, also where the data were lost. */
    abstract LockThread acquireAllLost();

    /** As {@link #acquireAllLost}, within some time; null when that was over. */
    abstract @Nullable LockThread tryAcquireAllLost(Deadline deadline) throws InterruptedException;

    /** Before the journal is used; the caller has acquired the stripes of what it is about to write. */
    abstract void beginWriting();

    /** As {@link #beginWriting}, within some time; false when that was over. */
    abstract boolean tryBeginWriting(Deadline deadline) throws InterruptedException;

    /** After {@link #beginWriting}, also when that failed half-way. */
    abstract void endWriting(boolean changed);

    /** Releases what was acquired. */
    abstract void release(LockThread me, long stripes, boolean changed);

    /** As {@link GuardedLock#await}, with a condition on the data of these stripes. */
    abstract boolean await(long stripes, BooleanSupplier condition, @Nullable Duration timeout)
            throws InterruptedException;

    /**
     * As {@link RobustMutex#reset}, of each mutex that is not recoverable.
     *
     * @throws LockException reason {@code NOTHING_TO_RESET} where none is
     */
    abstract void reset() throws InterruptedException;

    /** How messages name the array. */
    @Override
    public final String toString() {
        return own.toString();
    }
}
