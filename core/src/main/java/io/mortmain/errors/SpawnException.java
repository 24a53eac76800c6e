package io.mortmain.errors;

import org.jspecify.annotations.Nullable;

/** A process could not be started, or its end not be learned. Unless the text says otherwise there is no process, and nothing is left open. */
public final class SpawnException extends MortmainException {
    private static final long serialVersionUID = 1L;

    /** Why, for code that wants to tell. */
    public enum Reason {
        /** The program, its interpreter, or the working folder is not there. */
        NOT_FOUND,
        NO_PERMISSION,
        /** A folder, or a file that the kernel cannot run. */
        NOT_A_PROGRAM,
        /** A NUL in a string, an empty name, a number that cannot be. */
        INVALID_ARGUMENT,
        /** Arguments and environment together are longer than the kernel takes. */
        TOO_LONG,
        /** A descriptor that was to be handed over is not open. */
        BAD_DESCRIPTOR,
        /** Processes, memory, descriptors, or threads. */
        LIMIT_REACHED,
        /** The process was not started with a descriptor of that name. */
        NOT_INHERITED,
        /** The process has ended and somebody else took its end: native code that waits for any child, or SIGCHLD is ignored. */
        REAPED_ELSEWHERE,
        /** Anything else that the kernel said. */
        SYSTEM
    }

    private final Reason reason;
    private final int errno;

    public SpawnException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.errno = 0;
    }

    public SpawnException(Reason reason, int errno, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.errno = errno;
    }

    public Reason reason() {
        return reason;
    }

    /** The error number of the kernel, see errno(3); 0 where it was not asked. */
    public int errno() {
        return errno;
    }
}
