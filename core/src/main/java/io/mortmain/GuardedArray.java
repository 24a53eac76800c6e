package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.record.Codec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of records in shared memory, one of them or several changed in one transaction: as a whole or not at all, whoever dies when.
 *
 * <p>Obtained from {@link Region#guardedArray(String, int, Record)}. Elements count from 0; an index outside is refused with
 * {@link IndexOutOfBoundsException}, and nothing was done. Records are copied out and in, and one that was read never changes.
 *
 * <p>Thread-safe, between processes too. Each method waits for the mutexes that it needs as long as it takes, and keeps an interrupt for
 * later unless it says otherwise. A function runs while they are held: it should be short, and must not use this array, which is refused
 * with {@link io.mortmain.errors.LockException}, reason {@code WOULD_DEADLOCK}. Whatever it throws comes out; nothing was written
 * then. Virtual threads block no carrier. Not fair: where others change elements all the time, one can wait long.
 *
 * <p>An array has one mutex, or with {@link Options#withStripes} several: then work on elements of different stripes goes on at the same
 * time, but for the moment in which it is written. Two calls are one after the other where they have an element in common. A time limit counts
 * for that moment too, which is longer where a process is stopped in it; but a call waits a millisecond for it at least.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before a call happens-before what any other does after a later call that names an
 * element of the same stripe, in whatever process; without stripes, after any later call.
 *
 * <p><b>Owner death effects.</b> If a process or thread dies during a change, in whatever way, the next call of anybody who names an element of it
 * rolls it back before it sees one; a death during that is a death like any other. Nobody has to be told, and nothing has to be repaired. The
 * exception is a {@link #fill} that changes more than one transaction can: who dies during it leaves the data lost. Then, and after a reboot of the
 * machine, of a region on a disk, every method that looks at elements or changes them, but {@link #fill}, throws {@link
 * io.mortmain.errors.DataLostException}, until that was called. Where a C program has held a mutex after a death and released it without declaring
 * the data consistent, everybody gets {@link io.mortmain.errors.NotRecoverableException} until {@link #reset}.
 *
 * @param <T> the record
 */
public final class GuardedArray<T> {
    private final ArrayLock lock;
    private final GuardedBlock block;
    private final Codec<T> codec;
    private final ArrayWrites writes;
    private final int length;
    private final int words;
    /** Of whoever holds the stripe. */
    private final Workspace[] workspaces;

    GuardedArray(ArrayLock lock, GuardedBlock block, Codec<T> codec) {
        this.lock = lock;
        this.block = block;
        this.codec = codec;
        this.writes = new ArrayWrites(lock, block);
        this.length = lengthOf(block, lock);
        this.words = Math.toIntExact(codec.schema().size() / Long.BYTES);
        this.workspaces = IntStream.range(0, lock.stripes())
                .mapToObj(_ -> new Workspace(words))
                .toArray(Workspace[]::new);
    }

    private static int lengthOf(GuardedBlock block, ArrayLock lock) {
        if (block.elements() > Integer.MAX_VALUE) {
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    lock + " has " + block.elements() + " elements, and arrays in Java have at most "
                            + Integer.MAX_VALUE + "; create it anew with fewer");
        }
        return (int) block.elements();
    }

    /**
     * How a new array is made. Immutable; start from {@link #DEFAULT}.
     *
     * @param stripes mutexes among which the elements are divided, 1 to 64. One that exists has as many as it was made with, and another number
     *     is refused. With more than one, each is an object of the region, and counts for {@link RegionOptions#maxObjects}; C programs
     *     cannot use the array then. Default 1
     * @param elementsPerTransaction how many elements one transaction can change, 1 or more; room is taken for no more than there are. Each
     *     takes twice its size on top of the elements' own. One that exists has as many as it was made with. Default 16
     */
    public record Options(int stripes, int elementsPerTransaction) {
        /** One mutex, 16 elements in one transaction. */
        public static final Options DEFAULT = new Options(1, 16);

        /**
         * Checks the ranges, as do the methods below.
         *
         * @throws IllegalArgumentException where a number is outside its range
         */
        public Options {
            if (stripes < 1 || stripes > GuardedBlockLayout.MOST_STRIPES) {
                throw new IllegalArgumentException(
                        "an array cannot have " + stripes + " stripes; give 1 to " + GuardedBlockLayout.MOST_STRIPES);
            }
            if (elementsPerTransaction < 1) {
                throw new IllegalArgumentException("a transaction cannot change " + elementsPerTransaction
                        + " elements of an array; give 1 or more");
            }
        }

        /** The same with so many stripes. */
        public Options withStripes(int stripes) {
            return new Options(stripes, elementsPerTransaction);
        }

        /** The same with transactions of so many elements. */
        public Options withElementsPerTransaction(int elementsPerTransaction) {
            return new Options(stripes, elementsPerTransaction);
        }
    }

    /** How many elements there are. */
    public int length() {
        return length;
    }

    /** The element now. */
    public T get(int index) {
        int stripe = stripeOf(index);
        LockThread me = lock.acquire(1L << stripe);
        try {
            return load(index, workspaces[stripe]);
        } finally {
            lock.release(me, 1L << stripe, false);
        }
    }

    /**
     * The element now, if its mutex can be had within the given time.
     *
     * @param timeout how long to wait; zero or less: not at all, but for a commit in another stripe, see above; any length is allowed
     * @return empty when the time was over
     * @throws InterruptedException when interrupted before or while it waits
     */
    public Optional<T> get(int index, Duration timeout) throws InterruptedException {
        int stripe = stripeOf(index);
        LockThread me = lock.tryAcquire(1L << stripe, deadline(timeout));
        if (me == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(load(index, workspaces[stripe]));
        } finally {
            lock.release(me, 1L << stripe, false);
        }
    }

    /** All elements, as they were at one moment. */
    public List<T> getAll() {
        return get(IntStream.range(0, length).toArray());
    }

    /**
     * All elements, as they were at one moment, if the mutexes can be had within the given time.
     *
     * @param timeout as in {@link #get(int, Duration)}
     * @return empty when the time was over
     * @throws InterruptedException when interrupted before or while it waits
     */
    public Optional<List<T>> getAll(Duration timeout) throws InterruptedException {
        int[] all = IntStream.range(0, length).toArray(); // before, as there may be no memory for it
        LockThread me = lock.tryAcquire(lock.all(), deadline(timeout));
        return me == null ? Optional.empty() : Optional.of(load(me, lock.all(), all));
    }

    /**
     * These elements, as they were at one moment.
     *
     * @return in the order of the indexes
     */
    public List<T> get(int[] indexes) {
        Objects.requireNonNull(indexes, "indexes");
        int[] asked = indexes.clone();
        long stripes = stripesOf(asked);
        return load(lock.acquire(stripes), stripes, asked);
    }

    /** Releases what the thread has acquired. */
    private List<T> load(LockThread me, long stripes, int[] asked) {
        try {
            Workspace workspace = new Workspace(words);
            return Arrays.stream(asked)
                    .mapToObj(index -> load(index, workspace))
                    .toList();
        } finally {
            lock.release(me, stripes, false);
        }
    }

    /** Sets the element, whatever it was. */
    public void set(int index, T value) {
        Objects.requireNonNull(value, "value");
        int stripe = stripeOf(index);
        Workspace mine = workspaces[stripe];
        LockThread me = lock.acquire(1L << stripe);
        boolean changed = false;
        try {
            codec.encode(value, mine.after);
            block.load(index, mine.before);
            changed = writes.replace(index, mine);
        } finally {
            lock.release(me, 1L << stripe, changed);
        }
    }

    /**
     * Changes the element to what the function makes of it. Of a small record of numbers usually nothing is allocated once the code is compiled,
     * the function's record included: in a platform thread that need not wait, while the process has one record class in guarded data and gives this
     * method one or two short functions. Else one record is, or two: the JIT does not see through the calls.
     *
     * @param change from the element now to the next
     * @throws io.mortmain.errors.RegionException reason {@code INVALID_ARGUMENT} where the next one does not fit, such as a string too long;
     *     nothing was written
     */
    public void update(int index, UnaryOperator<T> change) {
        Objects.requireNonNull(change, "change");
        int stripe = stripeOf(index);
        Workspace mine = workspaces[stripe];
        LockThread me = lock.acquire(1L << stripe);
        boolean changed = false;
        try {
            // as in Guarded, no record may be passed to or from a method of much code
            block.load(index, mine.before);
            codec.encode(change.apply(codec.decode(mine.before)), mine.after);
            changed = writes.replace(index, mine);
        } finally {
            lock.release(me, 1L << stripe, changed);
        }
    }

    /**
     * As {@link #update(int, UnaryOperator)}.
     *
     * @return the element afterwards
     */
    public T updateAndGet(int index, UnaryOperator<T> change) {
        Objects.requireNonNull(change, "change");
        int stripe = stripeOf(index);
        Workspace mine = workspaces[stripe];
        LockThread me = lock.acquire(1L << stripe);
        boolean changed = false;
        try {
            T next = change.apply(load(index, mine));
            codec.encode(next, mine.after);
            changed = writes.replace(index, mine);
            return next;
        } finally {
            lock.release(me, 1L << stripe, changed);
        }
    }

    /**
     * As {@link #update(int, UnaryOperator)}, if the element's mutex can be had within the given time.
     *
     * @param timeout as in {@link #get(int, Duration)}
     * @return false when the time was over; nothing was written then, though with stripes the function may have run
     * @throws InterruptedException when interrupted before or while it waits; likewise
     */
    public boolean update(int index, UnaryOperator<T> change, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(change, "change");
        int stripe = stripeOf(index);
        Workspace mine = workspaces[stripe];
        Deadline deadline = deadline(timeout);
        LockThread me = lock.tryAcquire(1L << stripe, deadline);
        if (me == null) {
            return false;
        }
        boolean changed = false;
        try {
            codec.encode(change.apply(load(index, mine)), mine.after);
            if (mine.isUnchanged()) {
                return true;
            }
            if (!lock.tryBeginWriting(deadline)) {
                return false;
            }
            changed = writes.replaceAndEnd(index, mine);
            return true;
        } finally {
            lock.release(me, 1L << stripe, changed);
        }
    }

    private static Deadline deadline(Duration timeout) {
        return new Deadline(Objects.requireNonNull(timeout, "timeout"));
    }

    private T load(int index, Workspace workspace) {
        block.load(index, workspace.before);
        return codec.decode(workspace.before);
    }

    /**
     * Changes several elements in one transaction: all of them or none.
     *
     * @param indexes what the function may look at and change
     * @param change gets them, for as long as it runs
     * @throws io.mortmain.errors.TransactionTooLargeException if it changes more than {@link Options#elementsPerTransaction} has room for;
     *     nothing was written
     */
    public void update(int[] indexes, Consumer<? super Elements<T>> change) {
        Objects.requireNonNull(indexes, "indexes");
        Objects.requireNonNull(change, "change");
        int[] named = StagedElements.eachOnce(indexes);
        long stripes = stripesOf(named);
        LockThread me = lock.acquire(stripes);
        boolean changed = false;
        try {
            StagedElements staged = new StagedElements(block, named, words);
            Elements<T> elements = new Elements<>(this, staged);
            try {
                change.accept(elements);
            } finally {
                elements.end();
            }
            changed = staged.write(writes);
        } finally {
            lock.release(me, stripes, changed);
        }
    }

    /**
     * The elements of one transaction, for as long as the function runs that got them, and for its thread only; afterwards every method throws
     * {@link IllegalStateException}.
     *
     * @param <T> the record
     */
    public static final class Elements<T> {
        private final GuardedArray<T> array;
        private final StagedElements staged;
        private final Thread thread = Thread.currentThread();
        /** What is encoded half-way when a value is refused must not be written. */
        private final long[] next;

        private boolean ended;

        private Elements(GuardedArray<T> array, StagedElements staged) {
            this.array = array;
            this.staged = staged;
            this.next = new long[array.words];
        }

        /** The element, with what the transaction has made of it so far. */
        public T get(int index) {
            staged.copyTo(next, positionOf(index));
            return array.codec.decode(next);
        }

        /** Sets the element when the transaction ends. */
        public void set(int index, T value) {
            Objects.requireNonNull(value, "value");
            int position = positionOf(index);
            array.codec.encode(value, next);
            staged.copyFrom(next, position);
        }

        /** As {@link #set}, to what the function makes of it. */
        public void update(int index, UnaryOperator<T> change) {
            Objects.requireNonNull(change, "change");
            set(index, change.apply(get(index)));
        }

        private int positionOf(int index) {
            if (ended) {
                throw new IllegalStateException(
                        "the transaction on " + array + " is over; keep records from it, not what gave them");
            }
            if (!thread.equals(Thread.currentThread())) {
                throw new WrongThreadException(
                        "the transaction on " + array + " is another thread's; use its elements where it began");
            }
            return staged.positionOf(index, array);
        }

        private void end() {
            ended = true;
        }
    }

    /**
     * Sets all elements, whatever they were, lost ones too. There is no limit to what it can change; but where it is more than one
     * transaction can, who dies during it leaves the data lost.
     */
    public void fill(T value) {
        Objects.requireNonNull(value, "value");
        long[] filling = GuardedObjects.wordsOf(codec, value);
        fill(lock.acquireAllLost(), filling);
    }

    /**
     * As {@link #fill(Object)}, if all mutexes can be had within the given time.
     *
     * @param timeout as in {@link #get(int, Duration)}
     * @return false when the time was over; nothing was done then
     * @throws InterruptedException when interrupted before or while it waits; nothing was done
     */
    public boolean fill(T value, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(value, "value");
        long[] filling = GuardedObjects.wordsOf(codec, value);
        LockThread me = lock.tryAcquireAllLost(deadline(timeout));
        if (me == null) {
            return false;
        }
        fill(me, filling);
        return true;
    }

    /** Releases what the thread has acquired. */
    private void fill(LockThread me, long[] filling) {
        boolean changed = false;
        try {
            changed = writes.fill(filling);
        } finally {
            lock.release(me, lock.all(), changed);
        }
    }

    /**
     * Waits until the element is such that the condition is true. It is asked when the mutex was acquired, and again some time after changes, by
     * anybody: a state that does not last may be missed. Without a change it is asked about 50 ms after the last time, or when
     * the mutex can be had.
     *
     * @param condition runs while the element's mutex is held
     * @return that element
     * @throws InterruptedException when interrupted before or while it waits
     */
    public T await(int index, Predicate<? super T> condition) throws InterruptedException {
        return awaitAtMost(index, condition, null).orElseThrow();
    }

    /**
     * As {@link #await(int, Predicate)}, for some time.
     *
     * @param timeout how long to wait; zero or less: not at all; any length is allowed
     * @return that element; empty when the time was over
     * @throws InterruptedException when interrupted before or while it waits
     */
    public Optional<T> await(int index, Predicate<? super T> condition, Duration timeout) throws InterruptedException {
        return awaitAtMost(index, condition, Objects.requireNonNull(timeout, "timeout"));
    }

    private Optional<T> awaitAtMost(int index, Predicate<? super T> condition, @Nullable Duration timeout)
            throws InterruptedException {
        Objects.requireNonNull(condition, "condition");
        int stripe = stripeOf(index);
        AtomicReference<T> found = new AtomicReference<>();
        BooleanSupplier look = () -> {
            found.setPlain(load(index, workspaces[stripe]));
            return condition.test(found.getPlain());
        };
        return lock.await(1L << stripe, look, timeout) ? Optional.of(found.getPlain()) : Optional.empty();
    }

    /**
     * For an operator: makes an array usable again that somebody gave up. What was left half done is rolled back.
     *
     * @throws io.mortmain.errors.LockException reason {@code NOTHING_TO_RESET}: it was not given up; nothing was changed
     * @throws InterruptedException when interrupted while it waits for whoever holds the mutex, who may be one that resets it
     */
    public void reset() throws InterruptedException {
        lock.reset();
    }

    private int stripeOf(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException(
                    "there is no element " + index + " of " + lock + "; it has 0 to " + (length - 1));
        }
        return lock.stripeOf(index);
    }

    /** Of no indexes the first: whether the region is closed, and the data are lost, is asked all the same. */
    private long stripesOf(int[] indexes) {
        long stripes = indexes.length == 0 ? 1 : 0;
        for (int index : indexes) {
            stripes |= 1L << stripeOf(index);
        }
        return stripes;
    }

    /** How messages name it. */
    @Override
    public String toString() {
        return lock.toString();
    }
}
