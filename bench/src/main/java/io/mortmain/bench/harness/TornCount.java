package io.mortmain.bench.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What was found by one means, kill after kill. */
final class TornCount {
    private final String title;
    private final boolean guarded;
    private final List<Double> micros = new ArrayList<>();
    private final Map<Data, Integer> found = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private int kills;
    private int told;
    private int held;

    /** The two numbers, to who looks. */
    enum Data {
        OLD("whole, old"),
        NEW("whole, new"),
        WHOLE("whole"),
        TORN("torn");

        private final String text;

        Data(String text) {
            this.text = text;
        }
    }

    /** @param guarded whether it has to be whole, and free */
    TornCount(String title, boolean guarded) {
        this.title = title;
        this.guarded = guarded;
    }

    String title() {
        return title;
    }

    /** The next one got in. */
    void add(double microseconds, boolean isTold, Data data) {
        kills++;
        micros.add(microseconds);
        told += isTold ? 1 : 0;
        found.merge(data, 1, Integer::sum);
    }

    /** The next one was kept out. */
    void addKeptOut() {
        kills++;
    }

    /** The lock was held when the writer died, which is looked at only where that is chance. */
    void addHeld() {
        held++;
    }

    void remark(String remark) {
        remarks.add(title + ": " + remark);
    }

    /** What the table has no room for. */
    List<String> remarks() {
        List<String> all = new ArrayList<>(remarks);
        if (held > 0) {
            all.add(title + ": killed " + held + " of " + kills + " times while it held the lock.");
        }
        return all;
    }

    String in() {
        return micros.size() + " of " + kills;
    }

    String after() {
        if (micros.isEmpty()) {
            return "-";
        }
        Statistics statistics = Statistics.of(micros);
        return Table.decimal(statistics.median(), 0) + ", " + Table.spread(statistics, 0);
    }

    String told() {
        return micros.isEmpty() ? "-" : told + " of " + micros.size();
    }

    String found() {
        if (micros.isEmpty()) {
            return "never";
        }
        StringJoiner text = new StringJoiner("; ");
        found.forEach((data, count) -> text.add(data.text + ": " + count));
        return text.toString();
    }

    /** Refuses what must never be. */
    void requireWholeIfGuarded() {
        if (guarded && (micros.size() < kills || found.containsKey(Data.TORN))) {
            throw new BenchException(title + ": " + in() + " got in, and found the numbers " + found());
        }
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kills", kills);
        map.put("gotIn", micros.size());
        map.put("micros", micros);
        map.put("told", told);
        for (Data data : Data.values()) {
            map.put(data.name().toLowerCase(Locale.ROOT), found.getOrDefault(data, 0));
        }
        map.put("remarks", remarks());
        return map;
    }
}
