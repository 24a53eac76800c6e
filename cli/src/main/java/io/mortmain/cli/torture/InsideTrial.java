package io.mortmain.cli.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A trial that takes place in a PID namespace of its own, in a JVM that is started there. */
final class InsideTrial implements Trial {
    private static final String SEPARATOR = "\t";

    private final Trial trial;

    InsideTrial(Trial trial) {
        this.trial = trial;
    }

    @Override
    public List<Cell> cells() {
        return trial.cells();
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        Privileges.requireNamespaces("--pid");
        List<String> command = new ArrayList<>(Surroundings.OTHER_PID_NAMESPACE);
        command.addAll(site.javaCommand(InsideMain.class));
        command.addAll(List.of(
                trial.getClass().getSimpleName(),
                site.folder().toString(),
                site.program().toString(),
                site.prefixInside()));
        Path out = Files.createTempFile(site.folder(), "inside-", ".out");
        try (Hand hand = site.unheard(command, out)) {
            if (!hand.isOver(2 * Hand.GUARD_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it does not end");
            }
            for (String line : Files.readAllLines(out)) {
                String[] parts = line.split(SEPARATOR, -1);
                cells().stream()
                        .filter(cell -> cell.name().equals(parts[0]))
                        .forEach(cell -> report.put(
                                cell, parts[1], Verdict.valueOf(parts[2]), parts[3], Double.parseDouble(parts[4])));
            }
            if (!report.has(cells().getFirst())) {
                throw new IllegalStateException("nothing was reported: " + hand.lastWords());
            }
        }
    }

    static String line(CellResult result) {
        return String.join(
                SEPARATOR,
                result.cell().name(),
                result.got().replace('\t', ' ').replace('\n', ' '),
                result.verdict().name(),
                result.reason().replace('\t', ' ').replace('\n', ' '),
                Double.toString(result.millis()));
    }
}
