package io.mortmain.cli.torture;

import java.util.List;
import java.util.stream.Stream;

/** Every fault, by its id, with the trials that make it happen. */
public final class FaultTable {
    private FaultTable() {}

    static List<Row> rows() {
        return Stream.of(Deaths.rows(), Surroundings.rows(), Moments.rows(), Forks.rows(), Misuse.rows())
                .flatMap(List::stream)
                .toList();
    }

    /** In the order of the table. */
    public static List<String> ids() {
        return rows().stream().map(Row::id).toList();
    }
}
