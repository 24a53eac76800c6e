package io.mortmain.errors;

/**
 * A mutex could not be acquired or released, for a reason other than time or interruption. Unless the text says otherwise, the mutex
 * and its data are as they were, and the calling thread holds what it held before.
 */
public class LockException extends MortmainException {
    private static final long serialVersionUID = 1L;

    /** Why, for code that wants to tell. */
    public enum Reason {
        /** A holder gave up after a death ({@code ENOTRECOVERABLE}); thrown as {@link NotRecoverableException}. */
        NOT_RECOVERABLE,
        /** The predecessor died and nobody can be told or repair; thrown as {@link OwnerDiedException}. */
        OWNER_DIED,
        /** The calling thread does not hold the mutex. */
        NOT_HOLDER,
        /** The calling thread holds this error-checking mutex already and would wait for itself. */
        WOULD_DEADLOCK,
        /** A recursive mutex was entered 2^32 - 1 times. */
        TOO_DEEP,
        /** The thread holds 2,048 robust mutexes, those taken by C code included; the kernel would lose the oldest at its death. */
        TOO_MANY_HELD,
        /** The thread, or the deputy of a virtual one, cannot hold robust mutexes: it has no robust list of glibc's, or 8,191 others lock in its region already. */
        UNSUPPORTED_THREAD,
        /** The region handle was closed. */
        CLOSED,
        /** The memory no longer holds the mutex: its file was truncated, punched, or overwritten. */
        DAMAGED,
        /** This process was forked without exec from one that used Mortmain. */
        FORKED_CHILD,
        /** A reset of a mutex that is not in the state "not recoverable". */
        NOTHING_TO_RESET
    }

    private final Reason reason;

    public LockException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public LockException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
