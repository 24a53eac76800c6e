package io.mortmain.cli.torture;

/** This machine, or this user, cannot make the fault happen. The message says why. */
final class NotTried extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotTried(String why) {
        super(why);
    }
}
