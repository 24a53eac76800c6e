package io.mortmain.cli.lock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When all waiting must end, on the monotonic clock. */
final class Deadline {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final boolean forever;
    private final long end;

    private Deadline(boolean forever, long end) {
        this.forever = forever;
        this.end = end;
    }

    /** From now on; null: never. */
    static Deadline in(@Nullable Duration time) {
        return new Deadline(time == null, time == null ? 0 : System.nanoTime() + time.toNanos());
    }

    boolean isForever() {
        return forever;
    }

    boolean isOver() {
        return !forever && left().isZero();
    }

    /** Zero when it is over. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** What is left, rounded up, at most {@code most}. */
    int millis(int most) {
        return forever ? most : (int) Math.min(most, (left().toNanos() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }
}
