package io.mortmain.cli.explore;

import io.mortmain.explore.program.Program;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
                "%,d program%s; processes × operations of each: %s.",
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

    /** The largest: 2 × 1 is left out where there is 2 × 2. */
    private String sizes() {
        Set<Size> sizes =
                searched.stream().map(each -> Size.of(each.program())).collect(Collectors.toCollection(TreeSet::new));
        return sizes.stream()
                .filter(size -> sizes.stream().noneMatch(size::isWithin))
                .map(size -> size.processes() + " × " + size.operations())
                .collect(Collectors.joining(", "));
    }

    /** @param operations each has at least so many */
    private record Size(long processes, int operations) implements Comparable<Size> {
        static Size of(Program program) {
            return new Size(
                    program.processes().stream().distinct().count(),
                    program.threads().stream().mapToInt(List::size).min().orElse(0));
        }

        boolean isWithin(Size other) {
            return !equals(other) && processes <= other.processes && operations <= other.operations;
        }

        @Override
        public int compareTo(Size other) {
            int byProcesses = Long.compare(processes, other.processes);
            return byProcesses == 0 ? Integer.compare(operations, other.operations) : byProcesses;
        }
    }
}
