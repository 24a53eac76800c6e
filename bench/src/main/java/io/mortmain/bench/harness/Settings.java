package io.mortmain.bench.harness;

import io.mortmain.MutexKind;

/**
 * How much is measured.
 *
 * @param kind of every robust and plain mutex, in Java and C
 * @param rounds of the uncontended section; each lets every peer run once
 * @param sliceMillis how long a peer runs at a time
 * @param warmUpMillis how long each runs at least before the first round; 0: it may be cold
 * @param contendedRounds of the contended section
 * @param contendedMillis how long two processes contend at a time
 * @param kills samples of each row of the kill section
 * @param killsOfJava samples of its rows whose victim is a JVM, which takes long to start
 */
public record Settings(
        MutexKind kind,
        int rounds,
        int sliceMillis,
        int warmUpMillis,
        int contendedRounds,
        int contendedMillis,
        int kills,
        int killsOfJava) {

    /** Three to five minutes. */
    public static Settings full(MutexKind kind) {
        return new Settings(kind, 30, 60, 1_000, 30, 250, 200, 100);
    }

    /** Some twenty seconds. */
    public static Settings quick(MutexKind kind) {
        return new Settings(kind, 9, 15, 300, 5, 100, 40, 3);
    }

    /** The same with these rounds and slices of the uncontended section. */
    public Settings withRounds(int rounds, int sliceMillis) {
        return new Settings(
                kind, rounds, sliceMillis, warmUpMillis, contendedRounds, contendedMillis, kills, killsOfJava);
    }
}
