package io.mortmain.internal.lock;

import io.mortmain.internal.words.MappedWords;
import java.util.Objects;
import java.util.function.Function;

/**
 * The slow paths for whoever asks: an OS thread takes them itself; for a virtual thread, and for a hold that any thread may close, a
 * {@link Deputy} does. Those never come further on the uncontended paths than to the first look, because they have no thread number.
 */
public final class SlowSteps {
    public static final SlowSteps OF_THIS_PROCESS = new SlowSteps(RobustProtocol.OF_THIS_PROCESS.slowPaths());

    private final SlowPaths paths;

    private SlowSteps(SlowPaths paths) {
        this.paths = paths;
    }

    /** As {@link SlowPaths#lock}. */
    public Outcome lock(LockThread me, long mutex, int kind, Gate gate, long nanos, boolean interruptible) {
        Principal principal = me.principal;
        if (principal == null) {
            return paths.lock(me, mutex, kind, gate, nanos, interruptible);
        }
        proveStackToAcquire(me);
        return principal.acquire(
                gate,
                mutex,
                nanos,
                interruptible,
                (deputy, left) -> told(me, deputy, paths.lock(deputy, mutex, kind, gate, left, interruptible)));
    }

    /** As {@link SlowPaths#lockForReset}. */
    public Outcome lockForReset(LockThread me, long mutex, int kind, Gate gate) {
        Principal principal = me.principal;
        if (principal == null) {
            return paths.lockForReset(me, mutex, kind, gate);
        }
        proveStackToAcquire(me);
        return principal.acquireForReset(deputy -> told(me, deputy, paths.lockForReset(deputy, mutex, kind, gate)));
    }

    /** As {@link SlowPaths#unlock}; a hold that any thread may close is released by whoever comes first. */
    public Outcome unlock(LockThread me, long mutex, int kind, Gate gate) {
        return me.principal == null
                ? paths.unlock(me, mutex, kind, gate)
                : byDeputy(
                        me,
                        deputy -> paths.unlock(deputy, mutex, kind, gate),
                        me.isAnybodys() ? Outcome.RELEASED : Outcome.NOT_HOLDER);
    }

    /** As {@link SlowPaths#handOnDeath}. */
    public Outcome handOnDeath(LockThread me, long mutex, Gate gate) {
        return me.principal == null
                ? paths.handOnDeath(me, mutex, gate)
                : byDeputy(me, deputy -> paths.handOnDeath(deputy, mutex, gate), Outcome.NOT_HOLDER);
    }

    /** As {@link SlowPaths#giveUp}. */
    public Outcome giveUp(LockThread me, long mutex, Gate gate) {
        return me.principal == null
                ? paths.giveUp(me, mutex, gate)
                : byDeputy(me, deputy -> paths.giveUp(deputy, mutex, gate), Outcome.NOT_HOLDER);
    }

    /** As {@link SlowPaths#markConsistent}. */
    public Outcome markConsistent(LockThread me, long mutex) {
        return me.principal == null
                ? paths.markConsistent(me, mutex)
                : byDeputy(me, deputy -> paths.markConsistent(deputy, mutex), Outcome.NOT_HOLDER);
    }

    /** As {@link SlowPaths#finishAfterFault}. */
    public Outcome finishAfterFault(LockThread me, long mutex, int kind, Gate gate) {
        return me.principal == null
                ? paths.finishAfterFault(me, mutex, kind, gate)
                : byDeputy(me, deputy -> paths.finishAfterFault(deputy, mutex, kind, gate), Outcome.NOT_HOLDER);
    }

    /** As {@link SlowPaths#undoAfterFault}; a principal touches no memory on the uncontended path. */
    public void undoAfterFault(LockThread me, long mutex, int depthBefore) {
        if (me.principal == null) {
            paths.undoAfterFault(me, mutex, depthBefore);
        }
    }

    /**
     * Has a step done about what the principal holds.
     *
     * @param otherwise the outcome where it holds nothing
     */
    private static Outcome byDeputy(LockThread me, Function<LockThread, Outcome> step, Outcome otherwise) {
        int none = StackProof.toReleaseSlowly(
                MappedWords.INSTANCE, me); // for the wait, which must not end before the step
        assert none == 0;
        return Objects.requireNonNull(me.principal).perform(step, otherwise);
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
