package io.mortmain.cli.lock;

/** Why the command did not run, or what else there is to say of its end: one sentence and the exit code. */
public final class LockFailure extends Exception {
    /** The region. */
    public static final int UNUSABLE = 1;

    public static final int TIMED_OUT = 5;
    public static final int NOT_RECOVERABLE = 6;
    public static final int RECOVERY_FAILED = 7;
    public static final int NOT_EXECUTABLE = 126;
    public static final int NO_SUCH_COMMAND = 127;
    /** Plus the number of the signal. */
    public static final int SIGNAL = 128;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    LockFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
