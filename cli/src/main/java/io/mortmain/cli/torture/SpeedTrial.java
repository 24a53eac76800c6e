package io.mortmain.cli.torture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** SIGKILL of a C holder until the waiter knows, in C and in Java in turn. */
final class SpeedTrial implements Trial {
    private static final int ROUNDS = 15;
    /** The machine does other things at the same time: what is looked for is a wait in slices, or a look now and then. */
    private static final double SLACK_MILLIS = 1;

    private static final Cell CELL =
            Cell.alone("from kill to told, median of " + ROUNDS, "Java at most 1 ms later than C");

    @Override
    public List<Cell> cells() {
        return List.of(CELL);
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        double[] c = new double[ROUNDS];
        double[] java = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            c[i] = millis(site, Side.C);
            java[i] = millis(site, Side.JAVA);
        }
        double forC = median(c);
        double forJava = median(java);
        String seen = String.format(Locale.ROOT, "Java %.2f ms, C %.2f ms", forJava, forC);
        report.got(CELL, forJava <= forC + SLACK_MILLIS ? CELL.expected() : seen, seen, forJava);
    }

    private static double millis(Site site, Side acquirer) throws Exception {
        try (Hand holder = site.c()) {
            Spot spot = site.region();
            holder.must("1", Side.C.map("0", spot));
            holder.must("1", "lock 0");
            Waiting waiting = Waiting.at(site, spot, acquirer, false);
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

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
