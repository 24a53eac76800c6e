package io.mortmain.cli.demo;

import io.mortmain.cli.demo.DeathBook.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What came of a run.
 *
 * @param problems every reason why it failed; empty if it did not
 * @param verdict the same for people
 */
public record DemoResult(
        DemoSettings settings,
        String compiler,
        int javaWorkers,
        int cWorkers,
        double seconds,
        long transfers,
        long kills,
        OptionalLong sum,
        DeathBook book,
        List<String> problems,
        String verdict) {

    /** Whether nothing was lost, nobody hung, and holders did die. */
    public boolean isGood() {
        return problems.isEmpty();
    }

    /** For programs; times in nanoseconds. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", isGood());
        json.put("verdict", verdict);
        json.put("problems", problems);
        json.put("seed", settings.seed());
        json.put("seconds", seconds);
        json.put("javaWorkers", javaWorkers);
        json.put("cWorkers", cWorkers);
        json.put("compiler", compiler);
        json.put("transfers", transfers);
        json.put("transfersPerSecond", seconds == 0 ? 0 : Math.round(transfers / seconds));
        json.put("kills", kills);
        Map<String, Object> deaths = places(place -> book.count(place));
        deaths.put("rolledBack", book.halfWritten());
        Map<String, Object> byKind = new LinkedHashMap<>();
        for (DeathKind kind : DeathKind.values()) {
            Map<String, Object> ofKind = places(place -> book.count(kind, place));
            ofKind.put("nanosUntilTold", quantiles(book.latencies(death -> death.kind() == kind)));
            byKind.put(kind.key(), ofKind);
        }
        deaths.put("byKind", byKind);
        json.put("deaths", deaths);
        json.put("told", book.told());
        json.put("nanosUntilTold", quantiles(book.latencies(death -> true)));
        json.put("sum", sum.isPresent() ? sum.getAsLong() : null);
        json.put("expectedSum", Accounts.TOTAL);
        return json;
    }

    private static Map<String, Object> places(java.util.function.ToLongFunction<Place> count) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("holding", count.applyAsLong(Place.HOLDING));
        json.put("waiting", count.applyAsLong(Place.WAITING));
        json.put("elsewhere", count.applyAsLong(Place.ELSEWHERE));
        return json;
    }

    private static Map<String, Object> quantiles(Latencies latencies) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", latencies.count());
        json.put("p50", latencies.p50());
        json.put("p99", latencies.p99());
        json.put("max", latencies.max());
        return json;
    }
}
