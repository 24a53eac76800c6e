package io.mortmain.testing;

import java.io.IOException;

/** Garbage collections in a process that a test started. */
public final class Garbage {
    private static final int COLLECTIONS_AFTERWARDS = 20;

    private Garbage() {}

    /** Collects again and again until the test says a line, and some times more: what must not be reported has had its chances. */
    public static void collectUntilToldToEnd() throws IOException, InterruptedException {
        for (int more = COLLECTIONS_AFTERWARDS; more > 0; more -= System.in.available() > 0 ? 1 : 0) {
            System.gc();
            Thread.sleep(10);
        }
    }
}
