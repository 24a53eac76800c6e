package io.mortmain.errors;

/**
 * A holder was told of its predecessor's death and released the mutex without declaring the data consistent; since then nobody can
 * acquire it, as POSIX says ({@code ENOTRECOVERABLE}). The cure is an operator's: repair the data under {@code RobustMutex.reset}.
 */
public final class NotRecoverableException extends LockException {
    private static final long serialVersionUID = 1L;

    public NotRecoverableException(String message) {
        super(Reason.NOT_RECOVERABLE, message);
    }

    public NotRecoverableException(String message, Throwable cause) {
        super(Reason.NOT_RECOVERABLE, message, cause);
    }
}
