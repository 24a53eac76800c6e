package io.mortmain;

import static io.mortmain.internal.lock.SlowPaths.FOREVER;

import io.mortmain.errors.GiveUpException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.OwnerDiedException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.Lockers;
import io.mortmain.internal.lock.Outcome;
import io.mortmain.internal.lock.RobustProtocol;
import io.mortmain.internal.lock.SlowPaths;
import io.mortmain.internal.observe.MutexWaitEvent;
import io.mortmain.internal.observe.OwnerDeathEvent;
import io.mortmain.internal.observe.RepairEvent;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A mutex in shared memory that a dead process cannot keep. It is a robust, process-shared {@code pthread_mutex_t} of glibc: a C, C++,
 * Rust or Python process takes the same one with {@code pthread_mutex_lock}.
 *
 * <p>Obtained from {@link Region#mutex(String, Repair)}. Thread-safe. The methods that acquire come in the family of
 * {@link java.util.concurrent.locks.Lock}; each returns a {@link Hold}, to be closed by the same thread, or, from
 * {@link #lockForHandOver}, by any.
 *
 * <p>A robust mutex belongs to an OS thread: the word carries the kernel's number of it. For a virtual thread a <em>deputy</em> holds it, an
 * OS thread of the library that is at the disposal of this virtual thread alone as long as that holds; of those that wait for one mutex, one has a
 * deputy at a time. The virtual thread may
 * block and change its carrier while it holds, and blocks no carrier while it waits; each step costs a message to the deputy and
 * back, tens of microseconds. {@link Death#threadId} is then the deputy's number. Not fair: a running thread may overtake a woken one.
 *
 * <p>All this is of a region for one PID namespace. In one for several, see {@link RegionOptions#withSeveralPidNamespaces}, the mutex is
 * no C program's: the word carries a number of Mortmain's, a lock on the file says whether the holder's process lives, and
 * {@link Death#processId} stands in place of the thread's number. What the methods promise is the same.
 *
 * <p><b>Memory consistency effects.</b> What a holder did before its release happens-before what the next acquirer does after its
 * acquisition, whichever process and language each is in.
 *
 * <p><b>Owner death effects.</b> If a holder dies, the kernel marks the word, and the next acquirer gets the mutex and is told. Given a
 * {@link Repair}, it runs that in the calling thread before it returns. Without one, {@link Hold#predecessorDied} says so, and releasing without
 * {@link Hold#markConsistent} makes the mutex not recoverable: everybody, those who wait included, gets
 * {@link NotRecoverableException} until an operator's {@link #reset}.
 *
 * <p>What every acquisition can throw: {@link NotRecoverableException}; {@link OwnerDiedException} when the given repair failed; and
 * {@link LockException} with the reasons {@code WOULD_DEADLOCK}, {@code TOO_DEEP}, {@code TOO_MANY_HELD}, {@code UNSUPPORTED_THREAD},
 * {@code CLOSED}, {@code DAMAGED}, {@code FORKED_CHILD}. The calling thread then holds nothing that it did not hold before.
 *
 * <p>Source: pthread_mutexattr_setrobust(3), POSIX.1-2024; glibc nptl/pthread_mutex_lock.c; linux kernel/futex/core.c.
 */
/*
 * The Hold is allocated before the first store, so that a full heap refuses the acquisition instead of losing it; where it does not
 * escape its caller the JIT removes it. Nothing between the first store and the last can throw, see RobustProtocol; what comes between
 * the last store and the return can (events, repairs), and is caught.
 */
public final class RobustMutex {
    private static final RobustProtocol PROTOCOL = RobustProtocol.OF_THIS_PROCESS;

    private final String description;
    private final long address;
    private final int kind;
    private final Gate gate;
    private final Lockers lockers;
    private final SlowPaths slowPaths;
    private final @Nullable Repair repair;
    /** Spares the calling thread the way through its thread locals; a hint, checked at each use, so that races do no harm. */
    private LockThread lastUser = LockThread.NOBODY;

    RobustMutex(String description, long address, int kind, Gate gate, Lockers lockers, @Nullable Repair repair) {
        this.description = description;
        this.address = address;
        this.kind = kind;
        this.gate = gate;
        this.lockers = lockers;
        this.slowPaths = lockers.slowPaths();
        this.repair = repair;
    }

    /** Acquires the mutex, waiting as long as it takes; an interrupt is kept for later. */
    public Hold lock() {
        LockThread me = callingThread();
        Hold hold = new Hold(this, me);
        if (!lockUncontended(me)) {
            hold.tell(lockSlowly(me, FOREVER, false).death());
        }
        return LeakedHolds.TRACKING ? LeakedHolds.track(hold) : hold;
    }

    /**
     * Acquires the mutex unless the thread is interrupted before or while it waits. It looks for an interrupt about every 50 ms; where it gets the
     * mutex before, it returns, and the interrupt stays.
     *
     * @throws InterruptedException when interrupted; the flag is cleared and the mutex is not held
     */
    public Hold lockInterruptibly() throws InterruptedException {
        LockThread me = callingThread();
        Hold hold = new Hold(this, me);
        throwIfInterrupted();
        if (!lockUncontended(me)) {
            Acquisition acquired = lockSlowly(me, FOREVER, true);
            throwIfInterrupted(acquired);
            hold.tell(acquired.death());
        }
        return LeakedHolds.TRACKING ? LeakedHolds.track(hold) : hold;
    }

    /**
     * Acquires the mutex if it is free at this moment, or its holder dead; {@code null} when another thread holds it. Where the calling one does,
     * its {@link MutexKind} says what happens.
     */
    public @Nullable Hold tryLock() {
        LockThread me = callingThread();
        Hold hold = new Hold(this, me);
        if (!lockUncontended(me)) {
            Acquisition acquired = lockSlowly(me, 0, false);
            if (acquired.outcome() == Outcome.BUSY) {
                return null;
            }
            hold.tell(acquired.death());
        }
        return LeakedHolds.TRACKING ? LeakedHolds.track(hold) : hold;
    }

    /**
     * Acquires the mutex if that is possible within the given time, on a monotonic clock.
     *
     * @param timeout how long to wait; zero or less: not at all; any length is allowed
     * @return {@code null} when the time was over
     * @throws InterruptedException when interrupted before or while it waits, as by {@link #lockInterruptibly}; the mutex is not held
     */
    public @Nullable Hold tryLock(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        LockThread me = callingThread();
        Hold hold = new Hold(this, me);
        throwIfInterrupted();
        if (!lockUncontended(me)) {
            Acquisition acquired = lockSlowly(me, nanosOf(timeout), true);
            throwIfInterrupted(acquired);
            if (acquired.outcome() == Outcome.BUSY) {
                return null;
            }
            hold.tell(acquired.death());
        }
        return LeakedHolds.TRACKING ? LeakedHolds.track(hold) : hold;
    }

    /**
     * As {@link #lock}, and any thread of this process may close the hold or mark it consistent, in whatever order of threads: for
     * code that ends in another thread than it began. A deputy holds the mutex; so also the thread that called is somebody
     * else to this hold, and waits if it locks the mutex again, recursive or not. The repair, if one is due, runs in the calling thread.
     */
    public Hold lockForHandOver() {
        LockThread anybody = LockThread.forHandOver();
        Hold hold = new Hold(this, anybody);
        hold.tell(lockSlowly(anybody, FOREVER, false).death());
        return LeakedHolds.TRACKING ? LeakedHolds.track(hold) : hold;
    }

    /**
     * As {@link #lockForHandOver}, if that is possible within the given time.
     *
     * @param timeout as in {@link #tryLock(Duration)}
     * @return {@code null} when the time was over
     * @throws InterruptedException when interrupted before or while it waits; the mutex is not held
     */
    public @Nullable Hold tryLockForHandOver(Duration timeout) throws InterruptedException {
        LockThread anybody = LockThread.forHandOver();
        Hold hold = new Hold(this, anybody);
        throwIfInterrupted();
        Acquisition acquired = lockSlowly(anybody, nanosOf(timeout), true);
        throwIfInterrupted(acquired);
        if (acquired.outcome() == Outcome.BUSY) {
            return null;
        }
        hold.tell(acquired.death());
        return LeakedHolds.TRACKING ? LeakedHolds.track(hold) : hold;
    }

    /**
     * For an operator: acquires a mutex that is not recoverable, so that the data can be repaired. The returned hold says that the
     * predecessor died; {@link Hold#markConsistent} and {@link Hold#close} make the mutex usable again for everybody. Dying before that
     * is a death like any other: the next acquirer is told.
     *
     * @throws LockException reason {@code NOTHING_TO_RESET}: the mutex is not "not recoverable"; nothing was changed
     * @throws InterruptedException when interrupted while it waits for whoever holds the mutex, who may be one that resets it
     */
    public Hold reset() throws InterruptedException {
        LockThread me = callingThread();
        Hold hold = new Hold(this, me);
        Acquisition acquired = conclude(me, slowPaths.lockForReset(me, address, kind, gate), false);
        throwIfInterrupted(acquired);
        hold.tell(acquired.death());
        return LeakedHolds.TRACKING ? LeakedHolds.track(hold) : hold;
    }

    /**
     * This mutex as a {@link Lock}. Since a {@code Lock} has nowhere to say that the predecessor died, it needs a repair; if the mutex was
     * opened without one, each acquisition after a death throws {@link OwnerDiedException} and holds nothing. It has no conditions.
     *
     * <p><b>Memory consistency effects.</b> Those of this mutex, which are what {@link Lock} demands, also between processes.
     *
     * <p><b>Owner death effects.</b> With a repair, the next acquirer runs it before its acquisition returns; {@link Repair} says what
     * becomes of one that fails. Without a repair, the mutex is handed on as it was found: nobody acquires it through such a lock until
     * somebody did with a repair, or with {@link #lock} and {@link Hold#markConsistent}.
     */
    public Lock asLock() {
        return new MutexAsLock(this);
    }

    /** As {@link #asLock()}, with this repair in place of the one that the mutex was opened with. */
    public Lock asLock(Repair repair) {
        return new MutexAsLock(new RobustMutex(description, address, kind, gate, lockers, repair));
    }

    /** What happens when the holder locks again. */
    public MutexKind kind() {
        return MutexKind.ofWord(kind);
    }

    /**
     * The {@code pthread_mutex_t} itself, for C code that is called from this process: an address, without access from Java. It is valid
     * until the region is closed; of a closed region it still returns the address, where nothing is left. C code must not initialise or destroy it.
     *
     * @throws UnsupportedOperationException of a region for several PID namespaces, see {@link RegionOptions#withSeveralPidNamespaces}
     */
    public MemorySegment pthreadMutex() {
        return lockers.forC(address, description);
    }

    /** Acquires without a {@link Hold}, where the uncontended attempt failed. */
    void lockWithoutHold(LockThread me) {
        lockSlowly(me, FOREVER, false);
    }

    /** As {@link #lockInterruptibly}, without a {@link Hold}. */
    void lockInterruptiblyWithoutHold(LockThread me) throws InterruptedException {
        throwIfInterrupted();
        if (!lockUncontended(me)) {
            throwIfInterrupted(lockSlowly(me, FOREVER, true));
        }
    }

    /** As {@link #tryLock(Duration)}, without a {@link Hold}. */
    boolean tryLockWithoutHold(LockThread me, Duration timeout) throws InterruptedException {
        throwIfInterrupted();
        if (lockUncontended(me)) {
            return true;
        }
        Acquisition acquired = lockSlowly(me, nanosOf(timeout), true);
        throwIfInterrupted(acquired);
        return acquired.outcome() != Outcome.BUSY;
    }

    /** As {@link #reset}, without a {@link Hold}. */
    void resetWithoutHold(LockThread me) throws InterruptedException {
        throwIfInterrupted(conclude(me, slowPaths.lockForReset(me, address, kind, gate), false));
    }

    /** Sleeps while the word, in this region, is as expected; wakes early for any reason, and within 50 ms. Holds nothing. */
    void sleepUntilChanged(long word, int expected, long nanos) {
        Outcome outcome = slowPaths.sleepUntilChanged(callingThread(), address, gate, word, expected, nanos);
        if (outcome != Outcome.BUSY) {
            throw Refusals.of(outcome, this);
        }
    }

    void wakeSleepers(long word) {
        slowPaths.wakeAll(word);
    }

    LockThread callingThread() {
        LockThread last = lastUser;
        return last.isCurrent() ? last : changeUser();
    }

    private LockThread changeUser() {
        LockThread me = lockers.current();
        if (!me.isDeputised()) { // would be one of thousands, and kept from being collected
            lastUser = me;
        }
        return me;
    }

    boolean lockUncontended(LockThread me) {
        int depth = me.depth();
        try {
            return PROTOCOL.lockUncontended(me, address, kind, gate);
        } catch (InternalError truncated) {
            slowPaths.undoAfterFault(me, address, depth);
            return false;
        }
    }

    /** How a slow acquisition ended: {@code outcome} is ACQUIRED, ACQUIRED_AFTER_DEATH, REENTERED, BUSY or INTERRUPTED. */
    private record Acquisition(Outcome outcome, @Nullable Death death) {
        static final Acquisition CLEAN = new Acquisition(Outcome.ACQUIRED, null);
        static final Acquisition REENTERED = new Acquisition(Outcome.REENTERED, null);
        static final Acquisition BUSY = new Acquisition(Outcome.BUSY, null);
        static final Acquisition INTERRUPTED = new Acquisition(Outcome.INTERRUPTED, null);
    }

    private Acquisition lockSlowly(LockThread me, long nanos, boolean interruptible) {
        MutexWaitEvent event = new MutexWaitEvent();
        event.begin();
        Outcome outcome = slowPaths.lock(me, address, kind, gate, nanos, interruptible);
        record(event, outcome);
        return conclude(me, outcome, true);
    }

    /**
     * For the warm-up: being told, without the uncontended attempt before it, so that the JIT does not learn from a rehearsal that this
     * attempt often fails.
     */
    void rehearseBeingTold() {
        LockThread me = callingThread();
        lockSlowly(me, FOREVER, false);
        markConsistent(me);
        releaseSlowly(me);
    }

    /** For the warm-up: waiting for a holder, in vain, so many nanoseconds. */
    void rehearseWaiting(long nanos) {
        lockSlowly(callingThread(), nanos, false);
    }

    private Acquisition conclude(LockThread me, Outcome outcome, boolean mayRepair) {
        return switch (outcome) {
            case ACQUIRED -> Acquisition.CLEAN;
            case REENTERED -> Acquisition.REENTERED;
            case BUSY -> Acquisition.BUSY;
            case INTERRUPTED -> Acquisition.INTERRUPTED;
            case ACQUIRED_AFTER_DEATH -> afterDeath(me, mayRepair);
            default -> throw Refusals.of(outcome, this);
        };
    }

    private Acquisition afterDeath(LockThread me, boolean mayRepair) {
        try {
            int owner = me.predecessor();
            boolean whileRepairing = owner == GlibcMutexLayout.OWNER_INCONSISTENT;
            boolean rebooted = owner == GlibcMutexLayout.OWNER_REBOOTED;
            boolean nobody = owner == 0 || whileRepairing || rebooted;
            OptionalInt threadId = nobody ? OptionalInt.empty() : lockers.threadIdOf(owner);
            OptionalInt processId = nobody ? OptionalInt.empty() : lockers.processIdOf(owner);
            Death death = new Death(threadId, whileRepairing, rebooted, processId);
            Acquisition acquired = new Acquisition(Outcome.ACQUIRED_AFTER_DEATH, death);
            record(death);
            if (mayRepair && repair != null) {
                repair(me, repair, death);
            }
            return acquired;
        } catch (GiveUpException givesUp) {
            slowPaths.giveUp(me, address, gate);
            throw new NotRecoverableException("the repair of " + this + " gave up: " + givesUp.getMessage(), givesUp);
        } catch (Throwable failed) { // whatever it is, the next acquirer must be told
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (slowPaths.handOnDeath(me, address, gate) == Outcome.DAMAGED) {
                throw new LockException(LockException.Reason.DAMAGED, Refusals.damaged(this), failed);
            }
            throw new OwnerDiedException(
                    "the predecessor died holding " + this + " and its repair failed (" + failed
                            + "); the mutex was given back, and the next acquirer is told and repairs again",
                    failed);
        }
    }

    private void repair(LockThread me, Repair repair, Death death) throws Exception {
        RepairEvent event = new RepairEvent();
        event.begin();
        try {
            repair.repair(death);
            event.succeeded = true;
            slowPaths.markConsistent(me, address);
        } finally {
            record(event);
        }
    }

    /** For {@link MutexAsLock}: gives back an inconsistent mutex so that the next acquirer is told too. */
    OwnerDiedException handOn() {
        slowPaths.handOnDeath(callingThread(), address, gate);
        return new OwnerDiedException("the predecessor died holding " + this
                + ", and a Lock without repair has nowhere to say so; use asLock(repair), or lock() and its Hold");
    }

    boolean hasRepair() {
        return repair != null;
    }

    /** Releases what the calling thread holds, or throws with nothing changed. */
    void release(LockThread me) {
        try {
            if (!PROTOCOL.unlockUncontended(me, address, gate)) {
                releaseSlowly(me);
            }
        } catch (InternalError truncated) {
            requireReleased(slowPaths.finishAfterFault(me, address, kind, gate));
        }
    }

    private void releaseSlowly(LockThread me) {
        requireReleased(slowPaths.unlock(me, address, kind, gate));
    }

    private void requireReleased(Outcome outcome) {
        if (outcome != Outcome.RELEASED) {
            throw Refusals.of(outcome, this);
        }
    }

    void markConsistent(LockThread me) {
        Outcome outcome = slowPaths.markConsistent(me, address);
        if (outcome == Outcome.DAMAGED) {
            throw Refusals.of(outcome, this);
        }
        if (outcome != Outcome.ACQUIRED) {
            throw new LockException(
                    LockException.Reason.NOT_HOLDER,
                    this
                            + " is not inconsistent, or not held by this thread; call markConsistent once, after a death, before close");
        }
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static void throwIfInterrupted(Acquisition acquired) throws InterruptedException {
        if (acquired.outcome() == Outcome.INTERRUPTED) {
            boolean cleared = Thread.interrupted();
            throw new InterruptedException(cleared ? "interrupted while waiting for a robust mutex" : null);
        }
    }

    static long nanosOf(Duration timeout) {
        try {
            return Math.min(timeout.toNanos(), FOREVER - 1);
        } catch (ArithmeticException tooLong) {
            return timeout.isNegative() ? 0 : FOREVER;
        }
    }

    private void record(MutexWaitEvent event, Outcome outcome) {
        try {
            event.end();
            if (event.shouldCommit() && !WarmUp.isCaller()) {
                event.mutex = description;
                event.outcome = outcome.name();
                event.commit();
            }
        } catch (Throwable ignored) { // what is only seen must not change what happened: the mutex is held
            return;
        }
    }

    private void record(Death death) {
        try {
            OwnerDeathEvent event = new OwnerDeathEvent();
            event.mutex = description;
            event.threadId = death.threadId().orElse(0);
            event.processId = death.processId().orElse(0);
            event.whileRepairing = death.whileRepairing();
            if (event.shouldCommit() && !WarmUp.isCaller()) {
                event.commit();
            }
        } catch (Throwable ignored) { // what is only seen must not change what happened: the mutex is held
            return;
        }
    }

    private void record(RepairEvent event) {
        try {
            event.mutex = description;
            if (event.shouldCommit() && !WarmUp.isCaller()) {
                event.commit();
            }
        } catch (Throwable ignored) { // what is only seen must not change what happened: the mutex is held
            return;
        }
    }

    /** How messages name it. */
    @Override
    public String toString() {
        return description;
    }
}
