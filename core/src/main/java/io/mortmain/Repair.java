package io.mortmain;

/**
 * Makes the data behind a mutex whole again after a holder died. Given when the mutex is opened, so that it cannot be forgotten; run by
 * the next acquirer, while it holds the mutex, before its {@code lock()} returns; and run again from the start by another one if this
 * process dies in it. It must therefore come to the same result however often and however far it has run before.
 *
 * <p><b>Owner death effects.</b> When it returns, the mutex is declared consistent. When it throws, the mutex is given back so that the
 * next acquirer is told of the death and runs the repair too, and {@code lock()} throws
 * {@link io.mortmain.errors.OwnerDiedException} with the cause. When it throws {@link io.mortmain.errors.GiveUpException}, it gives up:
 * the mutex becomes not recoverable for everybody.
 */
@FunctionalInterface
public interface Repair {
    /**
     * Brings the data into a consistent state, from whatever state the predecessor left.
     *
     * @param death what is known of the predecessor
     * @throws Exception when the data could not be made whole this time
     */
    void repair(Death death) throws Exception;
}
