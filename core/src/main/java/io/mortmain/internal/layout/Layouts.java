package io.mortmain.internal.layout;

/** Asserts a layout when its class is loaded, in production too: a wrong offset must never reach shared memory. */
final class Layouts {
    private Layouts() {}

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("the layout breaks its rule: " + rule);
        }
    }
}
