package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.errors.OwnerDiedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** A robust mutex behind the interface of {@code java.util.concurrent}; after a death without repair it fails closed. */
final class MutexAsLock implements Lock {
    private final RobustMutex mutex;

    MutexAsLock(RobustMutex mutex) {
        this.mutex = mutex;
    }

    @Override
    public void lock() {
        if (!mutex.lockUncontended(mutex.callingThread())) {
            failClosed(mutex.lock());
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        failClosed(mutex.lockInterruptibly());
    }

    @Override
    public boolean tryLock() {
        return failClosed(mutex.tryLock());
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return failClosed(mutex.tryLock(Duration.ofNanos(unit.toNanos(time))));
    }

    private boolean failClosed(@Nullable Hold hold) throws OwnerDiedException {
        if (hold == null) {
            return false;
        }
        if (LeakedHolds.TRACKING) {
            LeakedHolds.closed(hold); // from here on it is held without one
        }
        if (hold.predecessorDied() && !mutex.hasRepair()) {
            throw mutex.handOn();
        }
        return true;
    }

    /**
     * Releases once.
     *
     * @throws IllegalMonitorStateException when the calling thread does not hold the mutex, which is untouched
     */
    @Override
    public void unlock() {
        try {
            mutex.release(mutex.callingThread());
        } catch (LockException refused) {
            if (refused.reason() != LockException.Reason.NOT_HOLDER) {
                throw refused;
            }
            IllegalMonitorStateException expected = new IllegalMonitorStateException(refused.getMessage());
            expected.initCause(refused);
            throw expected;
        }
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "a robust mutex has no conditions: a waiter that dies would keep the signal");
    }

    @Override
    public String toString() {
        return mutex.toString();
    }
}
