package io.mortmain.internal.lock;

import java.util.concurrent.locks.LockSupport;

/**
 * Whether the region handle of a mutex is open, as the lock paths see it. One word, read before the first store of an acquisition
 * and again after the futex word was taken.
 *
 * <pre>
 *   OPEN ----- close begins -----> CLOSING ----- nobody is inside, and the lock area is replaced -----> CLOSED
 *     ^                               |
 *     +------- somebody is inside ----+
 * </pre>
 *
 * <p>Why twice: a thread can be stopped between its first look and its compare-and-set for as long as it takes another to close the
 * region. The compare-and-set is a full fence, so of the two, at least one sees the other: either the closer's scan finds the word
 * taken and refuses, or the second look finds the gate not open and the taker gives the word back.
 */
public final class Gate {
    private static final int OPEN = 0;
    private static final int CLOSING = 1;
    private static final int CLOSED = 2;

    private static final int SPINS = 1_000;
    private static final long PAUSE_NANOS = 50_000;

    private volatile int state = OPEN;

    public boolean isOpen() {
        return state == OPEN;
    }

    public boolean isClosed() {
        return state == CLOSED;
    }

    /** Called by the closer, one at a time. */
    public void beginClosing() {
        state = CLOSING;
    }

    public void reopen() {
        state = OPEN;
    }

    public void close() {
        state = CLOSED;
    }

    /** Waits out a closer; true when the gate is open afterwards. The closer waits for nobody in a lock path meanwhile. */
    boolean awaitDecision() {
        for (int looks = 0; state == CLOSING; looks++) {
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return state == OPEN;
    }
}
