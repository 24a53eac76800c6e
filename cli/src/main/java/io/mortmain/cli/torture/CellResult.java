package io.mortmain.cli.torture;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a cell.
 *
 * @param id of the fault
 * @param got what was seen; empty if it was not tried
 * @param reason why it failed or was not tried; empty if it was ok
 * @param millis from the fault, just before it was ordered, until the next acquirer knew; NaN where nothing was timed
 */
public record CellResult(String id, Cell cell, String got, Verdict verdict, String reason, double millis) {
    /** For programs. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("cell", cell.name());
        json.put("expected", cell.expected());
        json.put("got", got);
        json.put("verdict", verdict.text());
        json.put("reason", reason);
        json.put("millis", Double.isNaN(millis) ? null : Math.round(millis * 1000) / 1000.0);
        return json;
    }
}
