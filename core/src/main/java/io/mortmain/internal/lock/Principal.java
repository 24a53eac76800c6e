package io.mortmain.internal.lock;

import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who has a {@link Deputy} do its locking: a virtual thread, or a hold that any thread may close.
 *
 * <p>Invariants, outside of an operation:
 * <ol>
 *   <li>It has a deputy if and only if it holds a mutex, and that deputy has no other principal. So nested locks are those of one OS
 *       thread, and a release queues behind nobody's wait. (After an access to a truncated file failed, a deputy may stay that holds
 *       nothing, until the next operation.)
 *   <li>Only a virtual thread itself uses its principal; that of a hold that any thread may close is used by one thread at a time.
 * </ol>
 */
final class Principal {
    /**
     * How many principals without a deputy may try at once; more would have threads started for what takes some microseconds. A try
     * that waits here waits for tries only.
     */
    private static final Semaphore TRIES = new Semaphore(16, true);

    private final Thread thread;
    private final boolean isAnybodys;
    private @Nullable Deputy deputy;

    /**
     * @param thread the virtual thread; or who takes the hold that any thread may close
     */
    Principal(Thread thread, boolean isAnybodys) {
        this.thread = thread;
        this.isAnybodys = isAnybodys;
    }

    /** One attempt to acquire, on the deputy's thread. */
    interface Attempt {
        Outcome by(LockThread deputy, long nanos);
    }

    /** Whether every thread may act as this principal. */
    boolean isAnybodys() {
        return isAnybodys;
    }

    /**
     * Has the mutex acquired. A principal that holds something tries first: it may hold this very mutex, and would queue behind those
     * who wait for it.
     */
    Outcome acquire(Gate gate, long mutex, long nanos, boolean interruptible, Attempt attempt) {
        if (ThreadSlots.isForkedChild()) {
            return Outcome.FORKED_CHILD; // its deputies stayed in the parent
        }
        if (deputy != null) {
            Outcome now = send(me -> attempt.by(me, 0), false);
            if (now != Outcome.BUSY || nanos <= 0) {
                return now;
            }
        } else if (nanos <= 0) {
            return tryAtOnce(attempt);
        }
        return Turns.inTurn(gate, mutex, nanos, interruptible, left -> send(me -> attempt.by(me, left), interruptible));
    }

    /** As {@link #acquire}, where at most operators compete. */
    Outcome acquireForReset(Function<LockThread, Outcome> step) {
        return ThreadSlots.isForkedChild() ? Outcome.FORKED_CHILD : send(step, true);
    }

    /** Has the deputy sleep in its place, interruptibly. */
    Outcome sleep(Function<LockThread, Outcome> step) {
        return ThreadSlots.isForkedChild() ? Outcome.FORKED_CHILD : send(step, true);
    }

    private Outcome tryAtOnce(Attempt attempt) {
        TRIES.acquireUninterruptibly();
        try {
            return send(me -> attempt.by(me, 0), false);
        } finally {
            TRIES.release();
        }
    }

    private synchronized Outcome send(Function<LockThread, Outcome> step, boolean interruptible) {
        Deputy sent = deputy == null ? Deputies.borrow(this) : deputy;
        deputy = sent;
        try {
            return sent.perform(this, step, interruptible);
        } finally {
            dismissIdle(sent);
        }
    }

    /**
     * Has something done about a mutex that this principal holds.
     *
     * @param otherwise the outcome where it holds none
     */
    synchronized Outcome perform(Function<LockThread, Outcome> step, Outcome otherwise) {
        if (ThreadSlots.isForkedChild()) {
            return Outcome.FORKED_CHILD;
        }
        Deputy sent = deputy;
        if (sent == null) {
            return otherwise;
        }
        Outcome outcome = sent.perform(this, step, false);
        dismissIdle(sent); // not after an InternalError: the rest of the release must be done by the same thread
        return outcome;
    }

    private void dismissIdle(Deputy sent) {
        if (!sent.holds()) {
            deputy = null;
            Deputies.giveBack(sent);
        }
    }

    /** How messages name it. */
    @Override
    public String toString() {
        return LockThreads.nameOf(thread) + (isAnybodys ? " (for hand-over)" : "");
    }
}
