package io.mortmain.bench.harness;

/**
 * How many processes are started.
 *
 * @param rounds each way has one turn in each
 * @param children that are started in a turn
 * @param warmUp children that are started by each way before
 * @param smallMib least resident memory of the JVM that starts them
 * @param largeMib the same of another one
 */
public record SpawnSettings(int rounds, int children, int warmUp, long smallMib, long largeMib) {
    /** Some minutes. */
    public static SpawnSettings full() {
        return new SpawnSettings(20, 20, 400, 50, 4096);
    }

    /** Some 20 seconds. */
    public static SpawnSettings quick() {
        return new SpawnSettings(5, 10, 50, 50, 1024);
    }

    /** The same with so many rounds. */
    public SpawnSettings withRounds(int number) {
        return new SpawnSettings(number, children, warmUp, smallMib, largeMib);
    }
}
