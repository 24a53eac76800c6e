package io.mortmain.cli.torture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * SIGKILL of a C holder until the waiter knows, in C and in Java in turn. The other trials of the run disturb both: so medians are
 * compared, C's own spread is allowed for, and where Java is later nevertheless, it is measured again.
 */
final class SpeedTrial implements Trial {
    private static final int ROUNDS = 31;
    private static final int ATTEMPTS = 3;
    /** Not counted: classes are loaded, code is compiled. */
    private static final int FIRST_ROUNDS = 4;
    /** More code has to come back into the processor's caches than in C; with nothing else on the machine it is 1.06 to 1.48. */
    private static final double FACTOR = 2;

    /** As users have it, not as the other hands, which only start fast. */
    private static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

    private static final Cell CELL =
            Cell.alone("from kill to told, median of " + ROUNDS, "Java at most twice as late as C");

    @Override
    public List<Cell> cells() {
        return List.of(CELL);
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        try (Hand acquirer = site.java(ALL_COMPILERS)) {
            for (int i = 0; i < FIRST_ROUNDS; i++) {
                millis(site, acquirer, Side.JAVA, site.unique());
            }
            for (int attempt = 1; attempt <= ATTEMPTS && !isSoon(site, acquirer, report); attempt++) {
                // what is reported last counts
            }
        }
    }

    private static boolean isSoon(Site site, Hand acquirer, Report report) throws Exception {
        double[] c = new double[ROUNDS];
        double[] java = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            c[i] = millisInC(site);
            java[i] = millis(site, acquirer, Side.JAVA, site.unique());
        }
        Arrays.sort(c);
        Arrays.sort(java);
        double forC = c[ROUNDS / 2];
        double forJava = java[ROUNDS / 2];
        double spread = (c[ROUNDS * 3 / 4] - c[ROUNDS / 4]) / 2;
        boolean soon = forJava <= FACTOR * forC + spread;
        String seen = String.format(
                Locale.ROOT,
                "Java %.3f ms, C %.3f ms, ratio %.2f; half of C's are ±%.3f ms",
                forJava,
                forC,
                forJava / forC,
                spread);
        report.got(CELL, soon ? CELL.expected() : "Java is later", seen, forJava);
        return soon;
    }

    private static double millisInC(Site site) throws Exception {
        try (Hand acquirer = site.c()) {
            return millis(site, acquirer, Side.C, "1");
        }
    }

    private static double millis(Site site, Hand acquirer, Side side, String thread) throws Exception {
        try (Hand holder = site.c()) {
            Spot spot = site.region();
            holder.must("1", Side.C.map("0", spot));
            holder.must("1", "lock 0");
            Waiting waiting = Waiting.in(acquirer, side, thread, spot);
            long since = System.nanoTime();
            holder.kill();
            Answer answer = waiting.within(Hand.GUARD_SECONDS * 1000);
            if (answer == null || !answer.isTold()) {
                throw new IllegalStateException("not told");
            }
            waiting.release(answer);
            return (answer.nanos() - since) / 1e6;
        }
    }
}
