package io.mortmain;

import static io.mortmain.internal.lock.SlowPaths.FOREVER;

import io.mortmain.errors.LockException;
import io.mortmain.errors.LockException.Reason;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.lock.LockThread;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Several mutexes for an array, the stripes, among which its elements are dealt like cards: element i has stripe i modulo their number. Work on
 * elements of different stripes goes on at the same time, but for its commits: there is one journal, and it has the object's mutex.
 *
 * <pre>
 *   a transaction                                 a read
 *   1  its stripes, in ascending order            1  the same
 *   2  journal used: its mutex, and release it    2  the same
 *   3  look, compute in private memory            3  look
 *   4  the journal's mutex (rolls back)           4  the stripes
 *   5  entries, words, commit
 *   6  release the journal's mutex
 *   7  release the stripes
 * </pre>
 *
 * <p>Invariants:
 * <ol>
 *   <li>Words of an element are stored only by who holds its stripe and the journal's mutex, or by who holds the latter and undoes the
 *       journal of one who held both and failed.
 *   <li>A journal that is used is that of whoever holds its mutex, or of one who failed, and the stripes of its words are his too: he had them
 *       when he failed, and where somebody has acquired one since, the journal is undone before that one looks (step 2).
 *   <li>Whoever waits for a stripe holds none above it, and whoever holds the journal's mutex waits for nothing.
 * </ol>
 */
/*
 * Why nobody sees a mixture, wherever one dies. Call him W. Only between steps 4 and 6 is anything shared stored but mutexes. A death in
 * steps 1 to 3 leaves stripes that tell their next acquirers of it, and nothing else. A death after the commit leaves mutexes. A death within
 * leaves the journal used, with entries of words in W's stripes only, each of which W held: nobody looked at these words then, and nobody
 * can before he has acquired a stripe of W's, which is after W's death and so after all of his stores (the argument is with Journal). Such a one, R,
 * reads "used" by an acquire load in step 2 and finds
 *   - what W stored: then R waits for the journal's mutex, which W's death sets free at some time, if not yet, and whoever is told of it, R or
 *     another, rolls back before it releases; or
 *   - 0, from somebody who has rolled back since, whose stores to the words come before that release store; or
 *   - the journal of another writer, who has rolled back W's before he began his own, by step 4: then R waits for no reason but a short one.
 * Where R's time is over before he has that mutex, he releases his stripes and has looked at nothing; a stripe that he has declared consistent
 * is the case below.
 * Whether R was told makes no difference, so it does not matter either which of W's mutexes the kernel marks first, nor that one who was told may
 * have released a stripe as consistent without having come to step 2: the next one finds the journal used, as R did.
 *
 * Why roll-back disturbs no reader. It stores to words of W's stripes alone. One who reads in such a stripe acquired it after W, and has seen to
 * the roll-back himself before he read. One who reads in another stripe does not look at these words.
 *
 * Why the stripes need no repair: what they guard is not changed under them alone. All that their acquirer is told is that somebody died; the
 * one thing that it has to hand on is that the machine was rebooted: all mutexes say so to their next acquirers, the stripes too, and who learns
 * it first says that the data are lost, under the journal's mutex, before its stripe is consistent. Where all is replaced, all the stripes are
 * held: so nobody who learns of the reboot later takes the new data for lost ones. That repair waits for the journal's mutex as long as it
 * takes, whatever time its caller has.
 *
 * An error in this process within steps 4 to 6 is as a death there, but that nobody is told: the mutexes are released in step 6 and 7, the
 * journal's first, while it is used, and step 2 does not ask whether one was told.
 *
 * Who waits for a change announces himself in the object's sequence while he holds his stripe and, for that store, the journal's mutex. Who
 * changes what he waits for needs that stripe, so comes later, and looks at the sequence under the journal's mutex in step 6.
 *
 * A thread within a call must not call again: it might wait for a stripe below those that it holds. Where that stripe is its own the mutex
 * refuses; so that it is refused always, threads within are noted.
 */
final class StripedLock extends ArrayLock {
    /** Of one whose process runs. */
    private static final Duration LONGEST_COMMIT = Duration.ofMillis(1);

    private static final ThreadLocal<Within> WITHIN = ThreadLocal.withInitial(Within::new);

    private static final Way<RuntimeException> PATIENTLY = new Patiently();
    private static final Way<InterruptedException> INTERRUPTIBLY = new Interruptibly();

    private final RobustMutex[] stripes;
    private final GuardedBlock block;

    /** @param stripes made with {@link #repair} */
    StripedLock(GuardedLock own, GuardedBlock block, RobustMutex[] stripes) {
        super(own);
        this.block = block;
        this.stripes = stripes;
    }

    /** What each stripe has to be made with. */
    static Repair repair(GuardedLock own) {
        return death -> {
            if (death.rebooted()) {
                own.lose();
            }
        };
    }

    /** The arrays that a thread is within a call of, by address. */
    private static final class Within {
        private long[] arrays = new long[1];
        private int count;

        boolean contains(long array) {
            for (int i = 0; i < count; i++) {
                if (arrays[i] == array) {
                    return true;
                }
            }
            return false;
        }

        void add(long array) {
            if (count == arrays.length) {
                arrays = Arrays.copyOf(arrays, 2 * count);
            }
            arrays[count] = array;
            count++;
        }

        void remove(long array) {
            for (int i = count - 1; i >= 0; i--) {
                if (arrays[i] == array) {
                    count--;
                    arrays[i] = arrays[count];
                    return;
                }
            }
        }
    }

    @Override
    int stripes() {
        return stripes.length;
    }

    @Override
    int stripeOf(int element) {
        return element % stripes.length;
    }

    @Override
    LockThread acquire(long set) {
        return acquire(set, false);
    }

    @Override
    LockThread acquireAllLost() {
        return acquire(all(), true);
    }

    private LockThread acquire(long set, boolean alsoLost) {
        LockThread me = own.mutex().callingThread();
        acquire(me, set, alsoLost, PATIENTLY);
        return me;
    }

    @Override
    @Nullable
    LockThread tryAcquire(long set, Deadline deadline) throws InterruptedException {
        return tryAcquire(set, deadline, false);
    }

    @Override
    @Nullable
    LockThread tryAcquireAllLost(Deadline deadline) throws InterruptedException {
        return tryAcquire(all(), deadline, true);
    }

    private @Nullable LockThread tryAcquire(long set, Deadline deadline, boolean alsoLost) throws InterruptedException {
        LockThread me = own.mutex().callingThread();
        return acquire(me, set, alsoLost, new Until(deadline)) ? me : null;
    }

    /**
     * How mutexes are waited for. That of the journal nobody has for longer than a commit takes, but a process may be stopped in the middle
     * of one.
     */
    private interface Way<X extends Exception> {
        /** Whether it was acquired. */
        boolean take(RobustMutex stripe, LockThread me) throws X;

        /** Whether it was acquired. */
        boolean take(GuardedLock journal) throws X;
    }

    private static final class Patiently implements Way<RuntimeException> {
        @Override
        public boolean take(RobustMutex stripe, LockThread me) {
            if (!stripe.lockUncontended(me)) {
                stripe.lockWithoutHold(me);
            }
            return true;
        }

        @Override
        public boolean take(GuardedLock journal) {
            journal.acquireLost();
            return true;
        }
    }

    private static final class Interruptibly implements Way<InterruptedException> {
        @Override
        public boolean take(RobustMutex stripe, LockThread me) throws InterruptedException {
            stripe.lockInterruptiblyWithoutHold(me);
            return true;
        }

        @Override
        public boolean take(GuardedLock journal) throws InterruptedException {
            journal.acquireLostInterruptibly();
            return true;
        }
    }

    private record Until(Deadline deadline) implements Way<InterruptedException> {
        @Override
        public boolean take(RobustMutex stripe, LockThread me) throws InterruptedException {
            return stripe.tryLockWithoutHold(me, deadline.left());
        }

        @Override
        public boolean take(GuardedLock journal) throws InterruptedException {
            return StripedLock.take(journal, deadline);
        }
    }

    /** Steps 1 and 2: all of the set, or nothing. */
    private <X extends Exception> boolean acquire(LockThread me, long set, boolean alsoLost, Way<X> way) throws X {
        enter();
        long held = 0;
        boolean done = false;
        try {
            for (long left = set; left != 0; left &= left - 1) {
                if (!way.take(stripes[Long.numberOfTrailingZeros(left)], me)) {
                    return false;
                }
                held |= Long.lowestOneBit(left);
            }
            done = trySettle(me, alsoLost, way);
        } finally {
            if (!done) {
                release(me, held, false);
            }
        }
        return done;
    }

    private void enter() {
        Within within = WITHIN.get();
        if (within.contains(own.identity())) {
            throw Refusals.withinCall(own);
        }
        within.add(own.identity());
    }

    /** Step 2; false where the journal's mutex could not be had. */
    private <X extends Exception> boolean trySettle(LockThread me, boolean alsoLost, Way<X> way) throws X {
        try {
            if (!block.journal().isEmpty()) {
                if (!way.take(own)) {
                    return false;
                }
                own.release(me, false);
            }
            if (!alsoLost && block.isLost()) {
                throw own.lost();
            }
            return true;
        } catch (InternalError fault) {
            throw own.truncated(fault);
        }
    }

    /** Step 4. */
    @Override
    void beginWriting() {
        own.acquireLost();
    }

    @Override
    boolean tryBeginWriting(Deadline deadline) throws InterruptedException {
        return take(own, deadline);
    }

    /** Of a commit that is under way nobody is told who has little time, unless it takes long. */
    private static boolean take(GuardedLock journal, Deadline deadline) throws InterruptedException {
        Duration left = deadline.left();
        return journal.tryAcquireLost(left.compareTo(LONGEST_COMMIT) < 0 ? LONGEST_COMMIT : left) != null;
    }

    /** Step 6. */
    @Override
    void endWriting(boolean changed) {
        own.release(own.mutex().callingThread(), changed);
    }

    /** Where one cannot be released, the others are all the same. */
    @Override
    void release(LockThread me, long set, boolean changed) {
        Throwable first = null;
        for (long left = set; left != 0; left &= left - 1) {
            try {
                stripes[Long.numberOfTrailingZeros(left)].release(me);
            } catch (RuntimeException | Error failed) {
                first = first == null ? failed : first;
            }
        }
        WITHIN.get().remove(own.identity());
        if (first instanceof Error error) {
            throw error;
        }
        if (first instanceof RuntimeException refused) {
            throw refused;
        }
    }

    @Override
    boolean await(long set, BooleanSupplier condition, @Nullable Duration timeout) throws InterruptedException {
        return own.await(left -> look(set, condition, left), timeout);
    }

    private int look(long set, BooleanSupplier condition, long left) throws InterruptedException {
        Way<InterruptedException> way =
                left == FOREVER ? INTERRUPTIBLY : new Until(new Deadline(Duration.ofNanos(left)));
        LockThread me = own.mutex().callingThread();
        if (!acquire(me, set, false, way)) {
            return GuardedLock.Look.TIME_OVER;
        }
        try {
            return condition.getAsBoolean() ? GuardedLock.Look.FOUND : announceSleeper(me, way);
        } finally {
            release(me, set, false);
        }
    }

    private int announceSleeper(LockThread me, Way<InterruptedException> way) throws InterruptedException {
        if (!way.take(own)) {
            return GuardedLock.Look.TIME_OVER;
        }
        try {
            return block.announceSleeper();
        } finally {
            own.release(me, false);
        }
    }

    @Override
    void reset() throws InterruptedException {
        boolean done = false;
        for (RobustMutex stripe : stripes) {
            done |= reset(() -> {
                try (Hold hold = stripe.reset()) {
                    hold.markConsistent();
                }
            });
        }
        if (!reset(own::reset) && !done) {
            throw new LockException(
                    Reason.NOTHING_TO_RESET,
                    own + " is not in the state \"not recoverable\", so there is nothing to reset");
        }
    }

    private interface Resetting {
        void reset() throws InterruptedException;
    }

    private static boolean reset(Resetting resetting) throws InterruptedException {
        try {
            resetting.reset();
            return true;
        } catch (LockException refused) {
            if (refused.reason() != Reason.NOTHING_TO_RESET) {
                throw refused;
            }
            return false;
        }
    }
}
