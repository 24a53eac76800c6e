package io.mortmain.internal.owner;

import java.util.function.BooleanSupplier;

/**
 * Keeps those who would mark the same mutex apart, in whatever process: from the proof that its holder is dead until the mark, one has
 * the turn. A seam; in production {@link RegionTurns}.
 */
/*
 * Why: a thread may have got the dead holder's number. Were the mutex marked by somebody else between one's proof and one's mark, that
 * thread could lock it, the word would be the same as at the proof, and the mark would rob a living holder.
 */
public abstract class MarkerTurn {
    /** For mutexes that nobody else can mark. */
    public static final MarkerTurn UNDISPUTED = new MarkerTurn() {
        @Override
        public boolean take(long mutex, BooleanSupplier step) {
            return step.getAsBoolean();
        }
    };

    /**
     * Runs the step while nobody else can run his for the same mutex. Does not wait: whoever has the turn may be stopped.
     *
     * @param mutex its address
     * @return what the step returned; false where somebody else has the turn
     */
    public abstract boolean take(long mutex, BooleanSupplier step);
}
