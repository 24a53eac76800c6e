package io.mortmain.cli.torture;

import java.util.List;

/** A cell that no machine can show yet; the documentation names it. */
record Untried(Cell cell, String why) implements Trial {
    @Override
    public List<Cell> cells() {
        return List.of(cell);
    }

    @Override
    public void run(Site site, Report report) {
        report.notTried(cell, why);
    }
}
