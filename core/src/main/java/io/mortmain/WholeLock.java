package io.mortmain;

import io.mortmain.internal.lock.LockThread;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One mutex for the whole array, that of the object: there is one stripe, and whoever holds it has the journal too. */
final class WholeLock extends ArrayLock {
    WholeLock(GuardedLock own) {
        super(own);
    }

    @Override
    int stripes() {
        return 1;
    }

    @Override
    int stripeOf(int element) {
        return 0;
    }

    @Override
    LockThread acquire(long stripes) {
        return own.acquire();
    }

    @Override
    @Nullable
    LockThread tryAcquire(long stripes, Deadline deadline) throws InterruptedException {
        return own.tryAcquire(deadline.left());
    }

    @Override
    LockThread acquireAllLost() {
        return own.acquireLost();
    }

    @Override
    @Nullable
    LockThread tryAcquireAllLost(Deadline deadline) throws InterruptedException {
        return own.tryAcquireLost(deadline.left());
    }

    @Override
    void beginWriting() {
        // whoever acquired has the mutex of the journal
    }

    @Override
    boolean tryBeginWriting(Deadline deadline) {
        return true;
    }

    @Override
    void endWriting(boolean changed) {
        // so release is the end
    }

    @Override
    void release(LockThread me, long stripes, boolean changed) {
        own.release(me, changed);
    }

    @Override
    boolean await(long stripes, BooleanSupplier condition, @Nullable Duration timeout) throws InterruptedException {
        return own.await(condition, timeout);
    }

    @Override
    void reset() throws InterruptedException {
        own.reset();
    }
}
