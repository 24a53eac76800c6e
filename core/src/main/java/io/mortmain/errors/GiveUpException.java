package io.mortmain.errors;

/**
 * Thrown by a repair that gives up: the data cannot be made whole by anybody but an operator. The mutex becomes not recoverable, and its
 * acquirers get {@link NotRecoverableException}.
 */
public final class GiveUpException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Gives up, with the reason for the operator. */
    public GiveUpException(String message) {
        super(message);
    }

    /** As {@link #GiveUpException(String)}, with what made the repair impossible. */
    public GiveUpException(String message, Throwable cause) {
        super(message, cause);
    }
}
