package io.mortmain.cli.torture;

import java.util.List;

/** A trial with one cell, as a function. */
final class OneCell implements Trial {
    /** Returns what was seen, compared with what was expected; details, not compared, after a bar. */
    interface Body {
        String run(Site site) throws Exception;
    }

    private final Cell cell;
    private final Body body;

    OneCell(String name, String expected, Body body) {
        this.cell = Cell.alone(name, expected);
        this.body = body;
    }

    @Override
    public List<Cell> cells() {
        return List.of(cell);
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        String[] seen = body.run(site).split(" \\| ", 2);
        report.got(cell, seen[0], seen.length > 1 ? seen[1] : "", Double.NaN);
    }
}
