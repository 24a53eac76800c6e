package io.mortmain.cli.process;

/** This machine, or this user, cannot make it happen. The message says why. */
public final class NotTried extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotTried(String why) {
        super(why);
    }
}
