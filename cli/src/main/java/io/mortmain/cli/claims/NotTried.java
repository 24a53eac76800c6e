package io.mortmain.cli.claims;

/** This machine cannot make it happen. The message says why. */
final class NotTried extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotTried(String why) {
        super(why);
    }
}
