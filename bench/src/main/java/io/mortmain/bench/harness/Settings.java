package io.mortmain.bench.harness;

import io.mortmain.MutexKind;

/**
 * How much is measured.
 *
 * @param kind of every robust and plain mutex, in Java and C
 * @param generations of JVMs, one after the other, among which the rounds of what is uncontended are shared
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
        int generations,
        int rounds,
        int sliceMillis,
        int warmUpMillis,
        int contendedRounds,
        int contendedMillis,
        int kills,
        int killsOfJava) {

    /** Some five minutes. */
    public static Settings full(MutexKind kind) {
        return new Settings(kind, 3, 30, 60, 1_000, 30, 250, 200, 100);
    }

    /** A minute or less. */
    public static Settings quick(MutexKind kind) {
        return new Settings(kind, 1, 9, 15, 300, 5, 100, 40, 3);
    }

    /** The same with these rounds and slices of the uncontended section. */
    public Settings withRounds(int rounds, int sliceMillis) {
        return new Settings(
                kind,
                generations,
                rounds,
                sliceMillis,
                warmUpMillis,
                contendedRounds,
                contendedMillis,
                kills,
                killsOfJava);
    }
}
