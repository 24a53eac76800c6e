package io.mortmain.bench.harness;

/**
 * How often a writer is killed between two stores, and how long the next one is waited for.
 *
 * @param kills by each means
 * @param patienceMillis how long; after it, the next one counts as kept out
 * @param longestPatienceMillis the same for the last one
 */
public record TornSettings(int kills, long patienceMillis, long longestPatienceMillis) {
    /** Some minutes. */
    public static TornSettings full() {
        return new TornSettings(20, 3_000, 120_000);
    }

    /** Half a minute. */
    public static TornSettings quick() {
        return new TornSettings(2, 2_000, 2_000);
    }

    /** The same with so many kills. */
    public TornSettings withKills(int number) {
        return new TornSettings(number, patienceMillis, longestPatienceMillis);
    }
}
