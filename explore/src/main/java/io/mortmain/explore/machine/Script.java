package io.mortmain.explore.machine;

/**
 * What a thread does. It is run again and again from its beginning, so it must be the same each time: all that it learns of the world it
 * asks the player for, and whatever it keeps it makes anew in each run.
 */
@FunctionalInterface
public interface Script {
    void run(Player player);

    /** What {@link Player#choose} has chosen, for people. */
    default String nameOf(int question, int chosen) {
        throw new AssertionError("there is no question " + question);
    }
}
