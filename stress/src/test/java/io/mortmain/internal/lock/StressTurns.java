package io.mortmain.internal.lock;

/** Turns, for tests of other packages. */
public final class StressTurns {
    private StressTurns() {}

    /** Runs the action in the caller's turn for a mutex behind the gate, however long that takes. */
    public static void inTurn(Gate gate, long mutex, Runnable action) {
        Outcome outcome = Turns.inTurn(gate, mutex, SlowPaths.FOREVER, false, left -> {
            action.run();
            return Outcome.ACQUIRED;
        });
        if (outcome != Outcome.ACQUIRED) {
            throw new IllegalStateException(outcome.name());
        }
    }
}
