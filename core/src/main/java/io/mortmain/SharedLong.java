package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.words.MappedLong;

/**
 * A number in shared memory that is read and changed in one step each, without a lock: a counter, a flag, a clock.
 *
 * <p>Obtained from {@link Region#counter}. Thread-safe, between processes too; C programs find it by
 * {@code mortmain_counter} and use {@code __atomic_*} built-ins. The value wraps around at the ends of {@code long}.
 *
 * <p><b>Memory consistency effects.</b> Those of volatile variables: what a thread did before it changed the number happens-before what
 * another does after it has read that value, in whatever process.
 *
 * <p><b>Owner death effects.</b> It has no owner. Each change is made wholly or not at all.
 *
 * <p>After the region was closed each method throws {@link LockException}, reason {@code CLOSED}, as other objects do. Where its file was
 * truncated, {@link RegionException}, reason {@code DAMAGED}, or from compiled code the JVM's own {@link InternalError}, which may come just after
 * the call; and one that goes while the interpreter changes the number can end the JVM (SIGBUS).
 */
public final class SharedLong {
    private final MappedLong number;
    private final String description;

    SharedLong(MappedLong number, String description) {
        this.number = number;
        this.description = description;
    }

    /** The value now. */
    public long get() {
        try {
            return number.getVolatile();
        } catch (IllegalStateException | InternalError failed) {
            throw unusable(failed);
        }
    }

    /** Sets the value. */
    public void set(long value) {
        try {
            number.setVolatile(value);
        } catch (IllegalStateException | InternalError failed) {
            throw unusable(failed);
        }
    }

    /** Sets the value; the one before. */
    public long getAndSet(long value) {
        try {
            return number.getAndSet(value);
        } catch (IllegalStateException | InternalError failed) {
            throw unusable(failed);
        }
    }

    /** Adds to the value; the one before. */
    public long getAndAdd(long delta) {
        try {
            return number.getAndAdd(delta);
        } catch (IllegalStateException | InternalError failed) {
            throw unusable(failed);
        }
    }

    /** Adds to the value; the one after. */
    public long addAndGet(long delta) {
        return getAndAdd(delta) + delta;
    }

    /** Adds one; the value after. */
    public long incrementAndGet() {
        return addAndGet(1);
    }

    /** Takes one away; the value after. */
    public long decrementAndGet() {
        return addAndGet(-1);
    }

    /** Sets the value if it is the expected one; whether it was. */
    public boolean compareAndSet(long expected, long value) {
        try {
            return number.compareAndSet(expected, value);
        } catch (IllegalStateException | InternalError failed) {
            throw unusable(failed);
        }
    }

    /** What the JDK says of memory that went with its region, or whose file is gone, says nothing of regions. */
    private RuntimeException unusable(Throwable cause) {
        return cause instanceof InternalError fault
                ? Refusals.truncated(description, fault)
                : (LockException) Refusals.closed(description).initCause(cause);
    }

    /** How messages name it. */
    @Override
    public String toString() {
        return description;
    }
}
