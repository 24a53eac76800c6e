package io.mortmain.cli.torture;

/** A child process ended where an answer was expected. */
final class HandGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HandGone(String message) {
        super(message);
    }
}
