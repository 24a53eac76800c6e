package io.mortmain.bench.harness;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Kills writers between two stores, by each means, and prints what the next one finds. */
public final class TornBenchmark {
    private final TornSettings settings;
    private final PrintWriter out;

    /** With these settings. */
    public TornBenchmark(TornSettings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /**
     * Kills, looks and prints.
     *
     * @param command as it was given, for the record
     * @param json whether to print JSON, and nothing else
     * @throws BenchException when it could not be tried, or when guarded data was found torn or kept
     */
    public void run(String command, boolean json) {
        Map<String, Object> machine = Machine.describe();
        if (!json) {
            out.println("command: " + command);
            out.println("machine: " + Machine.oneLine(machine));
            out.flush();
        }
        List<TornCount> counts;
        try (SharedFolder folder = new SharedFolder()) {
            counts = new TornTrial(folder, settings).run(_ -> true);
        }
        if (json) {
            print(command, machine, counts);
        } else {
            print(counts);
        }
        out.flush();
        counts.forEach(TornCount::requireWholeIfGuarded);
    }

    private void print(String command, Map<String, Object> machine, List<TornCount> counts) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("command", command);
        all.put("machine", machine);
        Map<String, Object> peers = new LinkedHashMap<>();
        counts.forEach(count -> peers.put(count.title(), count.toMap()));
        all.put("peers", peers);
        out.println(Json.of(all));
    }

    private void print(List<TornCount> counts) {
        out.println();
        out.println("A writer is killed between two stores, " + settings.kills() + " times by each means; then:");
        Table table = new Table("", "the next gets in", "after, µs", "told of the death", "finds the two numbers");
        counts.forEach(count -> table.add(count.title(), count.in(), count.after(), count.told(), count.found()));
        table.print(out);
        counts.forEach(count -> count.remarks().forEach(out::println));
        if (counts.stream().noneMatch(count -> count.title().startsWith("C, "))) {
            out.println("No gcc or cc was found, so there are no rows of C.");
        }
        out.println(
                "After: median, least – most, from asking to having looked, in a JVM that is still cold or in C; the writer is"
                        + " gone by then."
                        + " Old: as before the change; new: as after it; torn: one store of two.");
    }
}
