package io.mortmain.internal.linux;

/** Asserts a layout when its class is loaded, in production too: a wrong offset must never reach shared memory. */
public final class Layouts {
    private Layouts() {}

    public static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("the layout breaks its rule: " + rule);
        }
    }
}
