package io.mortmain;

import java.time.Duration;

/** The end of a time that a call may wait, for several mutexes one after the other. */
final class Deadline {
    private final long begun = System.nanoTime();
    private final long nanos;

    /** From now on. */
    Deadline(Duration timeout) {
        this.nanos = Math.max(0, RobustMutex.nanosOf(timeout));
    }

    /** Zero or less when it is over. */
    Duration left() {
        return Duration.ofNanos(nanos - (System.nanoTime() - begun));
    }
}
