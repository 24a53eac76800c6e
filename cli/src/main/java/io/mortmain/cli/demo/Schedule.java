package io.mortmain.cli.demo;

import java.util.SplittableRandom;

/**
 * What is done to whom and when, decided by the seed alone. Which worker an aimed kill then hits depends on who holds at that moment.
 *
 * <p>A kill is either random, at any worker at any moment, or aimed: at whoever holds the mutex, in the language that the schedule says,
 * as soon as such a one holds it. Java processes are chosen less often than their number, since to start one takes far more time than to
 * start a C process.
 */
final class Schedule {
    /**
     * One step.
     *
     * @param waitNanos before it
     * @param kind what is done
     * @param onJava to a Java worker, if there is one to do it to
     * @param aimed at the holder, for SIGKILL
     * @param nextToo the next holder is killed too
     * @param pick which of the candidates, to be taken modulo their number
     */
    record Step(long waitNanos, DeathKind kind, boolean onJava, boolean aimed, boolean nextToo, int pick) {}

    /**
     * How the steps are mixed; the shares are of a hundred.
     *
     * @param meanWaitNanos mean time between two steps
     * @param kills share of SIGKILL among all steps
     * @param aimed share of aimed ones among the SIGKILLs
     * @param java share of Java workers among those hit, where there are C workers
     */
    record Mix(long meanWaitNanos, int kills, int aimed, int java) {
        static final Mix SHOW = new Mix(35_000_000, 70, 60, 12);
        static final Mix SOAK = new Mix(12_000_000, 92, 60, 3);
        /** Without C workers each kill costs the start of a JVM. */
        static final Mix JAVA_ONLY = new Mix(100_000_000, 50, 75, 100);
    }

    private static final int NEXT_TOO = 15;
    private static final DeathKind[] OF_JAVA = {DeathKind.EXIT, DeathKind.HALT};
    private static final DeathKind[] OF_C = {DeathKind.THREAD_ENDED, DeathKind.EXIT, DeathKind.HALT, DeathKind.EXEC};

    private final SplittableRandom random;
    private final Mix mix;
    private final boolean hasC;

    Schedule(long seed, Mix mix, boolean hasC) {
        this.random = new SplittableRandom(seed);
        this.mix = mix;
        this.hasC = hasC;
    }

    Step next() {
        long wait = random.nextLong(2 * mix.meanWaitNanos());
        boolean onJava = !hasC || isOneOf(mix.java());
        DeathKind kind = DeathKind.SIGKILL;
        if (!isOneOf(mix.kills())) {
            DeathKind[] kinds = onJava ? OF_JAVA : OF_C;
            kind = kinds[random.nextInt(kinds.length)];
        }
        return new Step(wait, kind, onJava, isOneOf(mix.aimed()), isOneOf(NEXT_TOO), random.nextInt(Integer.MAX_VALUE));
    }

    private boolean isOneOf(int share) {
        return random.nextInt(100) < share;
    }
}
