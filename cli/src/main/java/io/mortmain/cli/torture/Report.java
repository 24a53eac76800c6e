package io.mortmain.cli.torture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the cells of one trial came to. Not thread-safe. */
final class Report {
    /** For a test: that what is not as expected is found. */
    private static final boolean LIES = Boolean.getBoolean("io.mortmain.cli.torture.lie");

    private final String id;
    private final Map<Cell, CellResult> results = new LinkedHashMap<>();

    Report(String id) {
        this.id = id;
    }

    /** Judged by whether it is what was expected. */
    void got(Cell cell, String got, double millis) {
        got(cell, got, "", millis);
    }

    /** With details that are shown, but not judged. */
    void got(Cell cell, String got, String details, double millis) {
        String seen = LIES ? "a planted lie" : got;
        boolean ok = seen.equals(cell.expected());
        put(
                cell,
                details.isEmpty() ? seen : seen + " (" + details + ")",
                ok ? Verdict.OK : Verdict.FAILED,
                ok ? "" : "expected " + cell.expected(),
                millis);
    }

    void failed(Cell cell, String why) {
        put(cell, "", Verdict.FAILED, why, Double.NaN);
    }

    void notTried(Cell cell, String why) {
        put(cell, "", Verdict.NOT_TRIED, why, Double.NaN);
    }

    void put(Cell cell, String got, Verdict verdict, String reason, double millis) {
        results.put(cell, new CellResult(id, cell, got, verdict, reason, millis));
    }

    boolean has(Cell cell) {
        return results.containsKey(cell);
    }

    /** In the order of the cells; those without a report get this one. */
    List<CellResult> complete(List<Cell> cells, Verdict verdict, String reason) {
        return cells.stream()
                .map(cell -> results.getOrDefault(cell, new CellResult(id, cell, "", verdict, reason, Double.NaN)))
                .toList();
    }
}
