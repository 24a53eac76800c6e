package io.mortmain.errors;

/** Fork hooks cannot be had here. Nothing was registered; what else Mortmain does is not affected. */
public final class ForkHooksException extends MortmainException {
    private static final long serialVersionUID = 1L;

    /** Why, for code that wants to tell. */
    public enum Reason {
        /** Another processor or C library than those that Mortmain knows. */
        UNSUPPORTED_PLATFORM,
        /** The C library has no door to be told of forks. */
        NO_FORK_HANDLERS,
        /** The C library calls handlers under a lock of its own, as glibc before 2.36 does: a thread that waited there could wait for itself. */
        OLD_C_LIBRARY,
        /** The machine's policy keeps programs from making code at run time (SELinux without execmem, PR_SET_MDWE), or there is no memory for it. */
        NO_EXECUTABLE_MEMORY,
        /** The threads that serve forks could not be started, at a limit or for want of memory. Later they may be. */
        NO_THREADS
    }

    private final Reason reason;

    public ForkHooksException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ForkHooksException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
