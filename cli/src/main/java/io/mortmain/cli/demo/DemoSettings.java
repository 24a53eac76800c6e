package io.mortmain.cli.demo;

/**
 * What was asked for.
 *
 * @param seconds how long workers are killed; without meaning where kills is not 0
 * @param kills until so many processes were killed; 0: for the time given
 * @param workers 2 to {@link #MOST_WORKERS}
 * @param seed decides what is done when
 * @param bug planted on request
 */
public record DemoSettings(int seconds, long kills, int workers, long seed, PlantedBug bug) {
    public static final int FEWEST_WORKERS = 2;
    public static final int MOST_WORKERS = 32;
    public static final int MOST_SECONDS = 86_400;
    public static final int MOST_KILLS = 1_000_000;

    /** Whether it runs until enough processes were killed. */
    boolean isSoak() {
        return kills > 0;
    }
}
