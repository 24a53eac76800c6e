package io.mortmain.internal.lock;

import io.mortmain.internal.words.MappedWords;
import java.util.Objects;
import java.util.function.Function;

/**
 * Everything about lock and unlock that is rare: waiting, deaths, recursion, lists shared with C code, closing regions, refusals. An OS
 * thread does it itself; for a virtual thread, and for a hold that any thread may close, a {@link Deputy} does. Those never come further
 * on the uncontended paths than to the first look, because they have no thread number.
 *
 * <p>Beside the invariants of {@link RobustProtocol}:
 * <ol>
 *   <li>The pending word is 0 on every way out, with an exception too (glibc leaves it set when a timed lock fails).
 *   <li>A release wakes one whenever WAITERS was set, and one that makes the mutex not recoverable wakes all, whatever the word said
 *       (glibc forgets it when it refuses a mutex that is not recoverable).
 *   <li>WAITERS is set in the word before a thread sleeps, and by a thread that slept in the word that it takes or leaves behind.
 *   <li>A thread that leaves without the mutex after it may have consumed a wake-up passes it on.
 *   <li>Nobody sleeps longer than {@link Waiting#SLICE_NANOS} in one call: a wake-up lost by others' deaths costs no more than that, and an
 *       interrupt is noticed as soon.
 *   <li>A thread that waits, or wakes others, has told so to closers of the region before ({@link LockThread#enter}).
 * </ol>
 */
public final class SlowPaths {
    /** For {@link #lock}: as long as it takes. */
    public static final long FOREVER = Long.MAX_VALUE;

    private final SlowAcquisition acquisition;
    private final SlowRelease release;

    private final DeputyNumber deputyNumber;

    /** Has a deputy do a step as what it locks as in a region: itself, where the kernel's numbers hold. */
    @FunctionalInterface
    interface DeputyNumber {
        Outcome run(LockThread deputy, Function<LockThread, Outcome> step);
    }

    SlowPaths(SlowAcquisition acquisition, SlowRelease release) {
        this(acquisition, release, (deputy, step) -> step.apply(deputy));
    }

    SlowPaths(Seam seam, DeputyNumber deputyNumber) {
        this(new SlowAcquisition(seam, Waiting.SPINS), new SlowRelease(seam), deputyNumber);
    }

    private SlowPaths(SlowAcquisition acquisition, SlowRelease release, DeputyNumber deputyNumber) {
        this.acquisition = acquisition;
        this.release = release;
        this.deputyNumber = deputyNumber;
    }

    /**
     * Acquires, whatever it takes.
     *
     * @param nanos how long to wait for a holder; 0 or less not at all, {@link #FOREVER} without limit
     */
    public Outcome lock(LockThread me, long mutex, int kind, Gate gate, long nanos, boolean interruptible) {
        Principal principal = me.principal;
        if (principal == null) {
            return acquisition.lock(me, mutex, kind, gate, nanos, interruptible);
        }
        proveStackToAcquire(me);
        return principal.acquire(
                gate,
                mutex,
                nanos,
                interruptible,
                (deputy, left) -> deputyNumber.run(
                        deputy, he -> told(me, he, acquisition.lock(he, mutex, kind, gate, left, interruptible))));
    }

    /** Acquires a mutex that is not recoverable, for repair: inconsistent afterwards. Waits as long as it takes. */
    public Outcome lockForReset(LockThread me, long mutex, int kind, Gate gate) {
        Principal principal = me.principal;
        if (principal == null) {
            return acquisition.lockForReset(me, mutex, kind, gate);
        }
        proveStackToAcquire(me);
        return principal.acquireForReset(deputy ->
                deputyNumber.run(deputy, he -> told(me, he, acquisition.lockForReset(he, mutex, kind, gate))));
    }

    /**
     * Releases once: ends one level of a recursive mutex, or gives the mutex up, inconsistent ones for ever. A hold that any thread may
     * close is released by whoever comes first.
     */
    public Outcome unlock(LockThread me, long mutex, int kind, Gate gate) {
        return me.principal == null
                ? release.unlock(me, mutex, kind, gate)
                : byDeputy(
                        me,
                        he -> release.unlock(he, mutex, kind, gate),
                        me.isAnybodys() ? Outcome.RELEASED : Outcome.NOT_HOLDER);
    }

    /** Gives back an inconsistent mutex so that the next acquirer is told of the death too. */
    public Outcome handOnDeath(LockThread me, long mutex, Gate gate) {
        return me.principal == null
                ? release.handOnDeath(me, mutex, gate)
                : byDeputy(me, he -> release.handOnDeath(he, mutex, gate), Outcome.NOT_HOLDER);
    }

    /** Makes a mutex that this thread holds not recoverable and releases it, however often it was entered. */
    public Outcome giveUp(LockThread me, long mutex, Gate gate) {
        return me.principal == null
                ? release.giveUp(me, mutex, gate)
                : byDeputy(me, he -> release.giveUp(he, mutex, gate), Outcome.NOT_HOLDER);
    }

    /** Declares the data consistent. Only the holder may, after it was told. */
    public Outcome markConsistent(LockThread me, long mutex) {
        return me.principal == null
                ? release.markConsistent(me, mutex)
                : byDeputy(me, he -> release.markConsistent(he, mutex), Outcome.NOT_HOLDER);
    }

    /**
     * Sleeps for a slice at most while the word, which is behind the gate too, is as expected; for who waits until the data change. Returns
     * early for any reason.
     *
     * @param mutex that of the data, which the thread does not hold; a closer of the region is told that it is waited for
     * @return BUSY when it is time to look again, or CLOSED
     */
    public Outcome sleepUntilChanged(LockThread me, long mutex, Gate gate, long word, int expected, long nanos) {
        Principal principal = me.principal;
        if (principal == null) {
            return acquisition.sleepUntilChanged(me, mutex, gate, word, expected, nanos);
        }
        proveStackToAcquire(me);
        return principal.sleep(deputy ->
                deputyNumber.run(deputy, he -> acquisition.sleepUntilChanged(he, mutex, gate, word, expected, nanos)));
    }

    /** Wakes all who sleep so. */
    public void wakeAll(long word) {
        acquisition.wakeAll(word);
    }

    /** After a release met a page that its file no longer has: the release is done, or the mutex is gone with its page. */
    public Outcome finishAfterFault(LockThread me, long mutex, int kind, Gate gate) {
        return me.principal == null
                ? release.finishAfterFault(me, mutex, kind, gate)
                : byDeputy(me, he -> release.finishAfterFault(he, mutex, kind, gate), Outcome.NOT_HOLDER);
    }

    /**
     * After the uncontended path met a page that its file no longer has: nothing of the acquisition is left, and the slow path can say
     * what is the matter. A principal touches no memory on the uncontended path.
     *
     * @param depthBefore how many mutexes the thread held through Java before it tried
     */
    public void undoAfterFault(LockThread me, long mutex, int depthBefore) {
        if (me.principal == null) {
            acquisition.undoAfterFault(me, mutex, depthBefore);
        }
    }

    /**
     * Has a step done about what the principal holds.
     *
     * @param otherwise the outcome where it holds nothing
     */
    private Outcome byDeputy(LockThread me, Function<LockThread, Outcome> step, Outcome otherwise) {
        int none = StackProof.toReleaseSlowly(
                MappedWords.INSTANCE, me); // for the wait, which must not end before the step
        assert none == 0;
        return Objects.requireNonNull(me.principal).perform(deputy -> deputyNumber.run(deputy, step), otherwise);
    }

    /** Whoever has a deputy acquire must come back to the caller with it. */
    private static void proveStackToAcquire(LockThread me) {
        int none = StackProof.toAcquireSlowly(MappedWords.INSTANCE, me);
        assert none == 0;
    }

    private static Outcome told(LockThread me, LockThread deputy, Outcome outcome) {
        me.predecessor = deputy.predecessor;
        return outcome;
    }
}
