package io.mortmain.cli.stepper;

/** This machine, or this user, cannot do it. The message says why, and the cure. */
final class NotPossible extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPossible(String why) {
        super(why);
    }
}
