package io.mortmain.cli.torture;

import io.mortmain.cli.experiment.Experiment;
import io.mortmain.cli.experiment.ExperimentFailed;
import io.mortmain.cli.experiment.Laboratory;
import java.util.List;
import java.util.Map;

/** What one of the experiments saw, a cell for each observation. It is run once, however many rows look at it. */
final class ExperimentTrial implements Trial {
    /**
     * One cell.
     *
     * @param observation the name that the experiment gives it
     * @param value what must be seen there; the cell has it in the words of the table
     */
    record Sight(Cell cell, String observation, String value) {
        /** In a line with others. */
        static Sight of(String group, String column, String observation, String value) {
            return of(group, column, observation, value, words(value));
        }

        /** In a line with others, where the value says too little. */
        static Sight of(String group, String column, String observation, String value, String words) {
            return new Sight(new Cell(group, column, words), observation, value);
        }

        /** On a line of its own. */
        static Sight alone(String name, String observation, String value) {
            return of(name, "", observation, value);
        }

        /** On a line of its own, where the value says too little. */
        static Sight alone(String name, String observation, String value, String words) {
            return of(name, "", observation, value, words);
        }
    }

    private final Experiment experiment;
    private final List<Sight> sights;

    private ExperimentTrial(Experiment experiment, List<Sight> sights) {
        this.experiment = experiment;
        this.sights = sights;
    }

    static Trial of(Experiment experiment, Sight... sights) {
        return new ExperimentTrial(experiment, List.of(sights));
    }

    static Trial of(Experiment experiment, List<Sight> sights) {
        return new ExperimentTrial(experiment, List.copyOf(sights));
    }

    @Override
    public List<Cell> cells() {
        return sights.stream().map(Sight::cell).toList();
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        try {
            report(report, site.laboratory().seen(experiment));
        } catch (ExperimentFailed early) {
            report(report, early.seen());
            throw early; // the reason of the others
        }
    }

    private void report(Report report, Map<String, String> seen) {
        for (Sight sight : sights) {
            report(report, sight, seen.getOrDefault(sight.observation(), ""));
        }
    }

    static void report(Report report, Sight sight, String seen) {
        if (seen.startsWith(Laboratory.IMPOSSIBLE)) {
            report.notTried(sight.cell(), seen.substring(Laboratory.IMPOSSIBLE.length()));
        } else if (!seen.isEmpty()) { // what was not seen has failed
            boolean asExpected = seen.equals(sight.value());
            report.got(sight.cell(), asExpected ? sight.cell().expected() : words(seen), Double.NaN);
        }
    }

    private static String words(String value) {
        return value.equals("0") ? "works" : value;
    }
}
