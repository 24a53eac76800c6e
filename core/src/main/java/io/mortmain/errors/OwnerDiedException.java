package io.mortmain.errors;

/**
 * The predecessor died while holding, and whoever acquires has no way to be told but this, or its repair failed. The mutex was given
 * back in the state in which it was found: the next acquirer is told too.
 */
public final class OwnerDiedException extends LockException {
    private static final long serialVersionUID = 1L;

    public OwnerDiedException(String message) {
        super(Reason.OWNER_DIED, message);
    }

    public OwnerDiedException(String message, Throwable cause) {
        super(Reason.OWNER_DIED, message, cause);
    }
}
