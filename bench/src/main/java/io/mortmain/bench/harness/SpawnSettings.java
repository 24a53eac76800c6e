package io.mortmain.bench.harness;

/**
 * How many processes are started.
 *
 * @param rounds each way has one turn in each
 * @param children that are started in a turn
 * @param turnMillis after which a turn begins no other
 * @param warmUp children that are started by each way before, as code that is still interpreted is several times as slow
 * @param warmUpMillis after which that begins no other
 * @param largeMib least resident memory of the large JVM that starts them
 */
public record SpawnSettings(int rounds, int children, int turnMillis, int warmUp, int warmUpMillis, long largeMib) {
    /** Some minutes. */
    public static SpawnSettings full() {
        return new SpawnSettings(20, 20, 500, 2_000, 5_000, 4096);
    }

    /** Some 20 seconds. */
    public static SpawnSettings quick() {
        return new SpawnSettings(5, 10, 100, 1_000, 2_000, 1024);
    }

    /** The same with so many rounds. */
    public SpawnSettings withRounds(int number) {
        return new SpawnSettings(number, children, turnMillis, warmUp, warmUpMillis, largeMib);
    }
}
