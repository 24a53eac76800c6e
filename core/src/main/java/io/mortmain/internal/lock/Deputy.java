package io.mortmain.internal.lock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An OS thread that locks for somebody who is none, see {@link Principal}. The mutex is the deputy's: its number stands in the word and
 * its robust list leads there, so that the kernel tells of the process's death as ever. It does one step at a time, which its principal
 * waits for, parked; a virtual thread leaves its carrier to others meanwhile.
 *
 * <p>The principal's wait ends only when the step has: nobody else knows whether the mutex was acquired.
 */
final class Deputy {
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final Thread thread;
    private volatile @Nullable Errand next;
    private volatile boolean dismissed;
    /** Whether it holds a mutex; written by its thread in an errand, read by the principal afterwards. */
    private boolean holds;

    private Deputy() {
        thread = Thread.ofPlatform()
                .name("mortmain-deputy-" + STARTED.incrementAndGet())
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this::run);
        thread.setContextClassLoader(null); // that of whoever came first would be kept
    }

    /**
     * A new one that has registered its robust list, or the reason why it cannot; all classes that an errand needs are loaded then.
     *
     * @throws OutOfMemoryError where the system has no thread left
     */
    static Deputy start(Principal first) {
        Deputy started = new Deputy();
        started.thread.start();
        boolean registered = false;
        try {
            registered = started.perform(first, _ -> Outcome.RELEASED, false) == Outcome.RELEASED;
        } finally {
            if (!registered) {
                started.dismiss();
            }
        }
        return started;
    }

    /** Ends the thread, which holds nothing. */
    void dismiss() {
        dismissed = true;
        LockSupport.unpark(thread);
    }

    /** After an errand: whether it left a mutex held. */
    boolean holds() {
        return holds;
    }

    /**
     * Has the step done, and waits for its end without pinning a carrier.
     *
     * @param interruptible whether an interrupt of the caller is passed on; the flag of the caller stays as it is in any case
     */
    Outcome perform(Principal principal, Function<LockThread, Outcome> step, boolean interruptible) {
        Errand errand = new Errand(principal, step);
        next = errand;
        LockSupport.unpark(thread);
        return errand.await(interruptible);
    }

    private void run() {
        for (Errand errand = awaitNext(); errand != null; errand = awaitNext()) {
            errand.run();
        }
    }

    /** The next errand, or null when the thread is to end. */
    private @Nullable Errand awaitNext() {
        long since = System.nanoTime();
        while (!dismissed) {
            Errand errand = next;
            if (errand != null) {
                next = null;
                return errand;
            }
            long left = IDLE_NANOS - (System.nanoTime() - since);
            if (left > 0) {
                LockSupport.parkNanos(this, left);
                Thread.interrupted(); // left by an errand that is done; it would end each park
            } else if (Deputies.retire(this)) {
                return null;
            } else {
                since = System.nanoTime();
            }
        }
        return null;
    }

    private final class Errand {
        private final Principal principal;
        private final Function<LockThread, Outcome> step;
        private final Thread sender = Thread.currentThread();
        private @Nullable Outcome outcome;
        private @Nullable Throwable failure;
        private volatile boolean interrupted;
        private volatile boolean done;

        Errand(Principal principal, Function<LockThread, Outcome> step) {
            this.principal = principal;
            this.step = step;
        }

        /** On the deputy's thread. */
        void run() {
            Thread.interrupted(); // left by an errand before
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            try {
                LockThread me = LockThread.current();
                me.actFor(principal);
                try {
                    outcome = step.apply(me);
                } finally {
                    holds = me.depth() + me.heldElsewhere > 0;
                    if (!holds) {
                        me.actFor(null);
                    }
                }
            } catch (Throwable failed) { // told by the principal
                failure = failed;
            }
            done = true;
            LockSupport.unpark(sender);
        }

        /** On the sender's. */
        Outcome await(boolean interruptible) {
            boolean keep = false;
            while (!done) {
                park();
                if (Thread.interrupted()) {
                    keep = true;
                    if (interruptible) {
                        interrupted = true; // before the interrupt: the deputy may be about to clear it
                        thread.interrupt();
                    }
                }
            }
            if (keep) {
                Thread.currentThread().interrupt();
            }
            return result();
        }

        private void park() {
            try {
                LockSupport.park(Deputy.this);
            } catch (OutOfMemoryError | StackOverflowError full) {
                Thread.onSpinWait(); // the mutex may have been acquired, so the wait must come to its end
            }
        }

        private Outcome result() {
            if (failure instanceof RuntimeException refused) {
                throw refused;
            }
            if (failure instanceof Error failed) {
                throw failed;
            }
            if (outcome == null) {
                throw new IllegalStateException(failure);
            }
            return outcome;
        }
    }
}
