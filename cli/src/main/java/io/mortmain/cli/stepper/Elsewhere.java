package io.mortmain.cli.stepper;

/** A victim was about to execute an instruction that is not the second compiler's. The message says where. */
final class Elsewhere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Elsewhere(String where) {
        super(where);
    }
}
