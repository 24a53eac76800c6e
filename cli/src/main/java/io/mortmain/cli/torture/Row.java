package io.mortmain.cli.torture;

import java.util.List;

/**
 * A fault of the table.
 *
 * @param id for ever
 * @param title the fault
 * @param trials how it is made to happen
 */
record Row(String id, String title, List<Trial> trials) {
    List<Cell> cells() {
        return trials.stream().flatMap(trial -> trial.cells().stream()).toList();
    }
}
