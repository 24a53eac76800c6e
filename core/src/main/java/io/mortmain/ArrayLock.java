package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.internal.lock.LockThread;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What keeps others away from elements of an array. This one is for arrays with one mutex, that of the object; {@link StripedLock} for those
 * with several. Sets of stripes are bits, the lowest for the first stripe.
 */
class ArrayLock {
    static final long ONLY = 1;

    /** The object's own mutex, under which the journal is used. */
    final GuardedLock own;

    ArrayLock(GuardedLock own) {
        this.own = own;
    }

    /** How many. */
    int stripes() {
        return 1;
    }

    /** All of them. */
    final long all() {
        return -1L >>> (Long.SIZE - stripes());
    }

    /** Which has the element, from 0. */
    int stripeOf(int element) {
        return 0;
    }

    /** Acquires, waiting as long as it takes; the data of these stripes are whole then. */
    LockThread acquire(long stripes) {
        return own.acquire();
    }

    /** As {@link #acquire}, within some time; null when that was over. */
    @Nullable
    LockThread tryAcquire(long stripes, Duration timeout) throws InterruptedException {
        return own.tryAcquire(timeout);
    }

    /** As {@link #acquire}, of everything, also where the data were lost. */
    LockThread acquireAllLost() {
        return own.acquireLost();
    }

    /** Before the journal is used; the caller has acquired the stripes of what it is about to write. */
    void beginWriting() {
        // whoever acquired has the mutex of the journal
    }

    /** After {@link #beginWriting}, also when that failed half-way. */
    void endWriting(boolean changed) {
        // so release is the end
    }

    /** Releases what was acquired. */
    void release(LockThread me, long stripes, boolean changed) {
        own.release(me, changed);
    }

    /** As {@link GuardedLock#await}, with a condition on the data of these stripes. */
    boolean await(long stripes, BooleanSupplier condition, @Nullable Duration timeout) throws InterruptedException {
        return own.await(condition, timeout);
    }

    /**
     * As {@link RobustMutex#reset}, of each mutex that is not recoverable.
     *
     * @throws LockException reason {@code NOTHING_TO_RESET} where none is
     */
    void reset() throws InterruptedException {
        own.reset();
    }

    /** How messages name the array. */
    @Override
    public final String toString() {
        return own.toString();
    }
}
