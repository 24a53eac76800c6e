package io.mortmain.cli.explore;

import io.mortmain.explore.program.Program;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What several searches have seen together.
 *
 * @param nanos from the beginning of the first to the end of the last
 */
public record Totals(List<Searched> searched, long nanos) {
    public Totals {
        searched = List.copyOf(searched);
    }

    /** How many programs have states that were not visited. */
    public long incomplete() {
        return searched.stream().filter(each -> !each.result().isComplete()).count();
    }

    /** For people. */
    public List<String> lines() {
        String programs = String.format(
                Locale.ROOT,
                "%,d program%s; operations of each process, in the largest: %s.",
                searched.size(),
                searched.size() == 1 ? "" : "s",
                sizes());
        return List.of(
                programs,
                String.format(
                        Locale.ROOT,
                        "%,d states, %,d steps, %,d of them kills, in %.1f s.",
                        states(),
                        steps(),
                        kills(),
                        nanos / 1e9));
    }

    /** For programs; times in nanoseconds. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("programs", searched.stream().map(Searched::toJson).toList());
        json.put("states", states());
        json.put("steps", steps());
        json.put("kills", kills());
        json.put("nanos", nanos);
        json.put("complete", incomplete() == 0);
        return json;
    }

    private long states() {
        return searched.stream().mapToLong(each -> each.result().states()).sum();
    }

    private long steps() {
        return searched.stream().mapToLong(each -> each.result().steps()).sum();
    }

    private long kills() {
        return searched.stream().mapToLong(each -> each.result().kills()).sum();
    }

    /** The largest: 2 + 1 is left out where there is 2 + 2. */
    private String sizes() {
        Set<Size> sizes = searched.stream()
                .map(each -> Size.of(each.program()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return sizes.stream()
                .filter(size -> sizes.stream().noneMatch(size::isWithin))
                .map(Size::text)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** @param operations of each process, of all its threads; most first */
    private record Size(List<Integer> operations) {
        static Size of(Program program) {
            Map<Integer, Integer> byProcess = new HashMap<>();
            for (int i = 0; i < program.threads().size(); i++) {
                byProcess.merge(
                        program.processes().get(i), program.threads().get(i).size(), Integer::sum);
            }
            return new Size(byProcess.values().stream()
                    .sorted(Comparator.reverseOrder())
                    .toList());
        }

        boolean isWithin(Size other) {
            return !equals(other)
                    && operations.size() <= other.operations.size()
                    && IntStream.range(0, operations.size())
                            .allMatch(i -> operations.get(i) <= other.operations.get(i));
        }

        String text() {
            return operations.stream().map(String::valueOf).collect(Collectors.joining(" + "));
        }
    }
}
