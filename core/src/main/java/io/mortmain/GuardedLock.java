package io.mortmain;

import static io.mortmain.internal.lock.SlowPaths.FOREVER;

import io.mortmain.errors.DataLostException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.Recovery;
import io.mortmain.internal.lock.LockThread;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The mutex of a guarded object, and what whoever acquires it owes: a transaction that was left behind is rolled back before anything is
 * read, whatever the mutex says ({@link Recovery} says why), and lost data are refused; and whoever changed something wakes those who
 * sleep for it. The roll-back is the mutex's repair: one that dies over it is a death like any other, and the next acquirer does it again.
 */
final class GuardedLock {
    private final RobustMutex mutex;
    private final GuardedBlock block;
    private final Recovery recovery;
    /** Where those sleep who wait for a change. */
    private final long sequence;

    /** @param mutex made with {@link #repair} */
    GuardedLock(RobustMutex mutex, GuardedBlock block, long sequence) {
        this.mutex = mutex;
        this.block = block;
        this.recovery = block.recovery();
        this.sequence = sequence;
    }

    /**
     * What the mutex of the block has to be made with. It succeeds also where the journal is damaged or the file was truncated: whoever
     * acquires meets that at once in {@link #settle}, and says what it is; a death told again and again would say nothing of it.
     */
    static Repair repair(GuardedBlock block) {
        Recovery recovery = block.recovery();
        return death -> {
            try {
                recovery.afterDeath(death.rebooted());
            } catch (RegionException | InternalError unusable) {
                if (death.rebooted()) {
                    throw unusable; // the one thing that nobody finds out later
                }
            }
        };
    }

    /** Acquires, waiting as long as it takes; the data are whole then. */
    LockThread acquire() {
        return acquire(false);
    }

    /** As {@link #acquire}, also where the data were lost: for a caller that replaces all of them. */
    LockThread acquireLost() {
        return acquire(true);
    }

    private LockThread acquire(boolean alsoLost) {
        LockThread me = mutex.callingThread();
        if (!mutex.lockUncontended(me)) {
            waitFor(me);
        }
        settle(me, alsoLost);
        return me;
    }

    private void waitFor(LockThread me) {
        try {
            mutex.lockWithoutHold(me);
        } catch (LockException refused) {
            throw inTermsOfCalls(refused);
        }
    }

    /** Users of an object see its calls, and not its mutex: they cannot release it, nor choose its kind. */
    private LockException inTermsOfCalls(LockException refused) {
        return refused.reason() == LockException.Reason.WOULD_DEADLOCK ? Refusals.withinCall(this) : refused;
    }

    private LockThread acquireInterruptibly() throws InterruptedException {
        return acquireInterruptibly(false);
    }

    /** As {@link #acquireLost}, unless the thread is interrupted. */
    LockThread acquireLostInterruptibly() throws InterruptedException {
        return acquireInterruptibly(true);
    }

    private LockThread acquireInterruptibly(boolean alsoLost) throws InterruptedException {
        LockThread me = mutex.callingThread();
        try {
            mutex.lockInterruptiblyWithoutHold(me);
        } catch (LockException refused) {
            throw inTermsOfCalls(refused);
        }
        settle(me, alsoLost);
        return me;
    }

    /** As {@link #acquire}, within some time; null when that was over. */
    @Nullable
    LockThread tryAcquire(Duration timeout) throws InterruptedException {
        return tryAcquire(timeout, false);
    }

    /** As {@link #acquireLost}, within some time; null when that was over. */
    @Nullable
    LockThread tryAcquireLost(Duration timeout) throws InterruptedException {
        return tryAcquire(timeout, true);
    }

    private @Nullable LockThread tryAcquire(Duration timeout, boolean alsoLost) throws InterruptedException {
        LockThread me = mutex.callingThread();
        try {
            if (!mutex.tryLockWithoutHold(me, timeout)) {
                return null;
            }
        } catch (LockException refused) {
            throw inTermsOfCalls(refused);
        }
        settle(me, alsoLost);
        return me;
    }

    /** What whoever has just acquired owes; whatever fails, the mutex is not left to one who does not know that he has it. */
    private void settle(LockThread me, boolean alsoLost) {
        boolean done = false;
        try {
            if (recovery.isDue()) {
                recovery.afterAcquisition();
            }
            if (!alsoLost && block.isLost()) {
                throw lost();
            }
            done = true;
        } catch (InternalError fault) {
            throw truncated(fault);
        } finally {
            if (!done) {
                mutex.release(me);
            }
        }
    }

    /** What an access to the block means that ended so. */
    RegionException truncated(InternalError fault) {
        return Refusals.truncated(mutex, fault);
    }

    DataLostException lost() {
        return new DataLostException("the data of " + mutex
                + " are lost, because the machine was rebooted or who replaced all of them died: what was written last may be there in part;"
                + " set all of it anew");
    }

    /** For whoever holds a part of the data by another mutex: it is told that the machine was rebooted, which is true of all of them. */
    void lose() {
        LockThread me = acquireLost();
        try {
            block.lose();
        } finally {
            mutex.release(me);
        }
    }

    /** What a thread waits for. */
    interface Look {
        /** It found what it waits for; a sequence is odd, so this is none. */
        int FOUND = 0;
        /** No mutex could be had in time; not odd either. */
        int TIME_OVER = 2;

        /**
         * Looks while it holds the mutexes that it has to.
         *
         * @param left nanoseconds to wait for them, or {@code FOREVER}
         * @return {@link #FOUND}, {@link #TIME_OVER}, or what the sequence is after {@link GuardedBlock#announceSleeper}
         */
        int look(long left) throws InterruptedException;
    }

    /** As {@link RobustMutex#reset}; the data are whole afterwards. */
    void reset() throws InterruptedException {
        LockThread me = mutex.callingThread();
        mutex.resetWithoutHold(me);
        try {
            block.journal().rollBack();
            mutex.markConsistent(me);
        } catch (InternalError fault) {
            throw truncated(fault);
        } finally {
            mutex.release(me);
        }
    }

    /** Releases; what was changed, if anything, is committed. */
    void release(LockThread me, boolean changed) {
        boolean wakes = false;
        try {
            wakes = changed && block.dismissSleepers();
        } finally {
            mutex.release(me); // also where the file was truncated meanwhile
        }
        if (wakes) {
            mutex.wakeSleepers(sequence);
        }
    }

    /**
     * Waits until the condition, which is asked while the mutex is held, is true; looks again after each change.
     *
     * @param timeout how long, or null without limit
     * @return whether it is
     */
    boolean await(BooleanSupplier condition, @Nullable Duration timeout) throws InterruptedException {
        return await(left -> look(condition, left), timeout);
    }

    private int look(BooleanSupplier condition, long left) throws InterruptedException {
        LockThread me = left == FOREVER ? acquireInterruptibly() : tryAcquire(Duration.ofNanos(left));
        if (me == null) {
            return Look.TIME_OVER;
        }
        try {
            return condition.getAsBoolean() ? Look.FOUND : block.announceSleeper();
        } finally {
            mutex.release(me);
        }
    }

    /** As {@link #await(BooleanSupplier, Duration)}, for who looks in a way of his own. */
    boolean await(Look look, @Nullable Duration timeout) throws InterruptedException {
        long nanos = timeout == null ? FOREVER : Math.max(0, RobustMutex.nanosOf(timeout));
        long begun = System.nanoTime();
        long left = nanos;
        for (; ; ) {
            int expected = look.look(left);
            left = nanos == FOREVER ? FOREVER : nanos - (System.nanoTime() - begun);
            if (expected == Look.FOUND || expected == Look.TIME_OVER || left <= 0) {
                return expected == Look.FOUND;
            }
            mutex.sleepUntilChanged(sequence, expected, left);
            left = nanos == FOREVER ? FOREVER : nanos - (System.nanoTime() - begun);
        }
    }

    RobustMutex mutex() {
        return mutex;
    }

    /** Tells objects of this process apart, by whichever handle they are used. */
    long identity() {
        return sequence;
    }

    @Override
    public String toString() {
        return mutex.toString();
    }
}
