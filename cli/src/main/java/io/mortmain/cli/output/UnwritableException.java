package io.mortmain.cli.output;

import java.io.PrintWriter;

/** Standard output cannot be written: a full disk, a reader that is gone. What it would have shown is of no use to go on for. */
public final class UnwritableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private UnwritableException() {
        super("stdout cannot be written.");
    }

    /** Flushes, too. */
    public static void require(PrintWriter out) {
        if (out.checkError()) {
            throw new UnwritableException();
        }
    }
}
