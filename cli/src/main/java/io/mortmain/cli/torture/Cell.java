package io.mortmain.cli.torture;

/**
 * One thing to be seen of a fault: who held, who came next, who else was there.
 *
 * @param group what cells that are printed on one line have in common
 * @param column what tells them apart; empty for a cell on a line of its own
 * @param expected what must come of it
 */
record Cell(String group, String column, String expected) {
    /** A cell on a line of its own. */
    static Cell alone(String name, String expected) {
        return new Cell(name, "", expected);
    }

    String name() {
        return column.isEmpty() ? group : group + ", " + column;
    }
}
