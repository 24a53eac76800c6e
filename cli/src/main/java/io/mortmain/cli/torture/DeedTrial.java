package io.mortmain.cli.torture;

import java.util.List;

/** Something that code in a JVM does to the library, or has done to it: one of {@link Deeds}. */
final class DeedTrial implements Trial {
    private final Cell cell;
    private final String order;
    private final List<String> options;
    private final boolean alone;

    private DeedTrial(String name, String expected, String order, boolean alone, List<String> options) {
        this.cell = Cell.alone(name, expected);
        this.order = order;
        this.alone = alone;
        this.options = options;
    }

    /** In a JVM with others. */
    DeedTrial(String name, String expected, String order) {
        this(name, expected, order, false, List.of());
    }

    /** In a JVM of its own, with these options. */
    static DeedTrial alone(String name, String expected, String order, String... options) {
        return new DeedTrial(name, expected, order, true, List.of(options));
    }

    @Override
    public List<Cell> cells() {
        return List.of(cell);
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        if (!alone) {
            report(report, site.misuser().ask(site.unique(), "deed " + order + " " + site.newPath()));
            return;
        }
        try (Hand hand = site.java(options.toArray(String[]::new))) {
            report(report, hand.ask("1", "deed " + order + " " + site.newPath()));
            if (!hand.isAlive()) {
                report.failed(cell, "the JVM died: " + hand.lastWords());
            }
        }
    }

    private void report(Report report, Answer answer) {
        if (answer.code().equals(Answer.NO_SPACE)) {
            report.notTried(cell, answer.text());
            return;
        }
        if (!answer.isDone()) {
            report.failed(cell, answer.code() + " " + answer.text());
            return;
        }
        String[] seen = answer.text().split(" \\| ", 2);
        if (seen[0].startsWith("not tried")) {
            report.notTried(cell, seen[1]);
        } else {
            report.got(cell, seen[0], seen.length > 1 ? seen[1] : "", Double.NaN);
        }
    }
}
