package io.mortmain.bench.harness;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Of JVMs, one after the other, which share the rounds: what a JIT made of a loop differs between two JVMs by more than between two rounds.
 */
final class Generations {
    private Generations() {}

    /** What one generation does. */
    interface Measurement {
        /** Measures so many rounds on the processor; false where the peers could not be bound to it. */
        boolean measure(int processor, int rounds);
    }

    /** Has each measure, and says how it was done, for people. */
    static String measureEach(Settings settings, Measurement measurement) {
        int processor = Processors.allowed().getLast();
        List<Integer> shares = shares(settings);
        boolean bound = true;
        for (int rounds : shares) {
            bound &= measurement.measure(processor, rounds);
        }
        return (shares.size() == 1 ? "one JVM" : shares.size() + " JVMs one after the other") + " for each, "
                + (bound ? "bound to processor " + processor : "not bound to a processor");
    }

    /** How many rounds each generation has, none of them 0. */
    static List<Integer> shares(Settings settings) {
        int rounds = settings.rounds();
        int most = Math.min(settings.generations(), rounds);
        return IntStream.range(0, most)
                .mapToObj(at -> rounds * (at + 1) / most - rounds * at / most)
                .toList();
    }
}
