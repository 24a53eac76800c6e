package io.mortmain;

import io.mortmain.errors.DataLostException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.Lender;
import io.mortmain.internal.journal.WordChanges;
import io.mortmain.internal.lock.LockThread;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One value in shared memory, reachable only under its mutex and changed as a whole or not at all, whoever dies when.
 *
 * <p>Obtained from {@link Region#guarded(String, Record)}, of a Java record; the value is copied out and in, and a record once read never changes. Or
 * from {@link Region#guarded(String, java.lang.foreign.MemoryLayout)}, of bytes: then a function gets a copy of them to read and to change, which is
 * inaccessible when it has returned; {@link #get} and {@link #await} return copies that stay.
 *
 * <p>Thread-safe, between processes too. Each method that takes the mutex waits for it as long as it takes, and keeps an interrupt for
 * later unless it says otherwise. A function runs while the mutex is held: it should be short, and must not use this object, which is refused
 * with {@link io.mortmain.errors.LockException}, reason {@code WOULD_DEADLOCK}. Whatever it throws comes out; nothing was written
 * then. Virtual threads block no carrier. Not fair: where others change it all the time, one can wait long.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before a call happens-before what any other does after a later call, in whatever
 * process.
 *
 * <p><b>Owner death effects.</b> If a process or thread dies during a change, in whatever way, the next call of anybody rolls it back before it
 * sees the value; a death during that is a death like any other. Nobody has to be told, and nothing has to be repaired. Where a C program has held the
 * mutex after a death and released it without declaring the data consistent, everybody gets
 * {@link io.mortmain.errors.NotRecoverableException} until {@link #reset}. After a reboot of the machine, of a region on a disk, every method
 * that looks at the value or changes it, but {@link #set}, throws {@link DataLostException}, until that was called.
 *
 * @param <T> the record, or {@link MemorySegment}
 */
public final class Guarded<T> {
    private final GuardedLock lock;
    private final GuardedBlock block;
    private final Lender<T> lender;
    private final WordChanges changes;
    /** The value as it is, and as it is to be. Guarded by the mutex. */
    private final long[] before;

    private final long[] after;

    Guarded(GuardedLock lock, GuardedBlock block, Lender<T> lender) {
        this.lock = lock;
        this.block = block;
        this.lender = lender;
        this.changes = new WordChanges(block.bytes(), 0, block.journal());
        this.before = new long[Math.toIntExact(block.schema().size() / Long.BYTES)];
        this.after = new long[before.length];
    }

    /** The value now. */
    public T get() {
        return get(lock.acquire());
    }

    /**
     * The value now, if the mutex can be had within the given time.
     *
     * @param timeout how long to wait; zero or less: not at all; any length is allowed
     * @return empty when the time was over
     * @throws InterruptedException when interrupted before or while it waits
     */
    public Optional<T> get(Duration timeout) throws InterruptedException {
        LockThread me = lock.tryAcquire(Objects.requireNonNull(timeout, "timeout"));
        if (me == null) {
            return Optional.empty();
        }
        return Optional.of(get(me));
    }

    /** Releases what the thread has acquired. */
    private T get(LockThread me) {
        try {
            return lender.kept(load());
        } finally {
            release(me, false);
        }
    }

    /** What the function makes of the value now. */
    public <R> R read(Function<? super T, ? extends R> look) {
        Objects.requireNonNull(look, "look");
        LockThread me = lock.acquire();
        try {
            return look.apply(load());
        } finally {
            release(me, false);
        }
    }

    /**
     * Changes the value to what the function makes of it. Of a small record of numbers usually nothing is allocated once the code is compiled,
     * the function's record included: in a platform thread that need not wait, while the process has one record class in guarded data and gives this
     * method one or two short functions. Else one record is, or two: the JIT does not see through the calls.
     *
     * @param change from the value now to the next
     * @throws RegionException reason {@code INVALID_ARGUMENT} where the next value does not fit, such as a string too long; nothing was written
     */
    public void update(UnaryOperator<T> change) {
        Objects.requireNonNull(change, "change");
        update(lock.acquire(), change);
    }

    /**
     * As {@link #update(UnaryOperator)}, if the mutex can be had within the given time.
     *
     * @param timeout as in {@link #get(Duration)}
     * @return false when the time was over; nothing was done then
     * @throws InterruptedException when interrupted before or while it waits; nothing was done
     */
    public boolean update(UnaryOperator<T> change, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(change, "change");
        LockThread me = lock.tryAcquire(Objects.requireNonNull(timeout, "timeout"));
        if (me == null) {
            return false;
        }
        update(me, change);
        return true;
    }

    /** Releases what the thread has acquired. */
    private void update(LockThread me, UnaryOperator<T> change) {
        boolean changed = false;
        try {
            // a record may not be passed to or from a method of much code: the JIT would not inline it, and allocate
            // the record
            block.load(0, before);
            lender.codec().encode(change.apply(lender.lend(before)), after);
            changed = changes.replace(block.offsetOf(0), before, after);
        } finally {
            release(me, changed);
        }
    }

    /**
     * As {@link #update(UnaryOperator)}.
     *
     * @return the value afterwards
     */
    public T updateAndGet(UnaryOperator<T> change) {
        Objects.requireNonNull(change, "change");
        LockThread me = lock.acquire();
        boolean changed = false;
        try {
            T next = change.apply(load());
            changed = replace(next);
            return lender.kept(next);
        } finally {
            release(me, changed);
        }
    }

    /** Sets the value, whatever it was. */
    public void set(T value) {
        Objects.requireNonNull(value, "value");
        LockThread me = lock.acquireLost();
        boolean changed = false;
        try {
            block.load(0, before);
            changed = replace(value);
            if (block.isLost()) {
                block.find();
            }
        } finally {
            release(me, changed);
        }
    }

    /**
     * Sets the value if it is the expected one, byte by byte. What C programs left in gaps, or behind the end of a string, does not count.
     *
     * @return whether it was
     */
    public boolean compareAndSet(T expected, T value) {
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(value, "value");
        LockThread me = lock.acquire();
        boolean changed = false;
        try {
            block.load(0, before);
            long[] now = new long[before.length];
            lender.codec().encode(lender.codec().decode(before), now);
            lender.codec().encode(expected, after);
            if (!Arrays.equals(now, after)) {
                return false;
            }
            changed = replace(value);
            return true;
        } finally {
            release(me, changed);
        }
    }

    /**
     * Waits until the value is such that the condition is true. It is asked when the mutex was acquired, and again some time after changes, by
     * anybody, a C program included: a state that does not last may be missed. Without a change it is asked about 50 ms after the last time, or when
     * the mutex can be had.
     *
     * @param condition runs while the mutex is held
     * @return that value
     * @throws InterruptedException when interrupted before or while it waits
     */
    public T await(Predicate<? super T> condition) throws InterruptedException {
        return awaitAtMost(condition, null).orElseThrow();
    }

    /**
     * As {@link #await(Predicate)}, for some time.
     *
     * @param timeout how long to wait; zero or less: not at all; any length is allowed
     * @return that value; empty when the time was over
     * @throws InterruptedException when interrupted before or while it waits
     */
    public Optional<T> await(Predicate<? super T> condition, Duration timeout) throws InterruptedException {
        return awaitAtMost(condition, Objects.requireNonNull(timeout, "timeout"));
    }

    private Optional<T> awaitAtMost(Predicate<? super T> condition, @Nullable Duration timeout)
            throws InterruptedException {
        Objects.requireNonNull(condition, "condition");
        Found found = new Found(condition);
        return lock.await(found::isFound, timeout)
                ? Optional.of(Objects.requireNonNull(found.value))
                : Optional.empty();
    }

    private final class Found {
        private final Predicate<? super T> condition;
        private @Nullable T value;

        Found(Predicate<? super T> condition) {
            this.condition = condition;
        }

        boolean isFound() {
            try {
                T now = load();
                boolean found = condition.test(now);
                value = found ? lender.kept(now) : null;
                return found;
            } finally {
                lender.end();
            }
        }
    }

    /**
     * For an operator: makes an object usable again that somebody gave up. What was left half done is rolled back.
     *
     * @throws io.mortmain.errors.LockException reason {@code NOTHING_TO_RESET}: it was not given up; nothing was changed
     * @throws InterruptedException when interrupted while it waits for whoever holds the mutex, who may be one that resets it
     */
    public void reset() throws InterruptedException {
        lock.reset();
    }

    /** What was loaded becomes this value. */
    private boolean replace(T value) {
        lender.codec().encode(value, after);
        return changes.replace(block.offsetOf(0), before, after);
    }

    private T load() {
        block.load(0, before);
        return lender.lend(before);
    }

    private void release(LockThread me, boolean changed) {
        try {
            lender.end();
        } finally {
            lock.release(me, changed);
        }
    }

    /** How messages name it. */
    @Override
    public String toString() {
        return lock.toString();
    }
}
