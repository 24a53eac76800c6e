package io.mortmain.cli.explore;

import io.mortmain.explore.mutant.Mutants;
import io.mortmain.explore.mutant.Mutants.Breakage;
import io.mortmain.explore.search.Result;
import io.mortmain.explore.search.Search;
import io.mortmain.explore.search.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one planted defect.
 *
 * @param result of the search of its program
 */
public record MutantHunt(Breakage breakage, Result result) {
    /** Enough for each; more than one that survives would need. */
    private static final long MOST_STATES = 5_000_000;

    /** Searches for it. */
    public static MutantHunt hunt(Breakage breakage) {
        Search search = new Search(reduction -> breakage.program().exploration(breakage.mutant(), reduction));
        return new MutantHunt(breakage, search.explore(MOST_STATES));
    }

    /** In the order in which they are searched. */
    public static List<Breakage> all() {
        return Mutants.ALL;
    }

    /** Whether it broke the rule that it must break, and not just any, by a trace that can be replayed. */
    public boolean isFound() {
        return result.doubt().isEmpty()
                && result.trace()
                        .filter(trace -> trace.violation().rule() == breakage.rule())
                        .isPresent();
    }

    /** The head of the columns of {@link #line}. */
    public static String head() {
        return String.format(Locale.ROOT, "%4s %6s %9s   %-30s %s", "rule", "steps", "states", "mutant", "program");
    }

    /** The rule that it breaks, and how long the shortest way to that is. */
    public String line() {
        Optional<Trace> trace = result.trace();
        return String.format(
                Locale.ROOT,
                "%4s %6s %,9d   %-30s %s",
                trace.map(found -> Integer.toString(found.violation().rule().number()))
                        .orElse("-"),
                trace.map(found -> Integer.toString(found.choices().size())).orElse("-"),
                result.states(),
                breakage.name(),
                breakage.program());
    }

    /** For programs. */
    public Map<String, Object> toJson(String command) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mutant", breakage.name());
        json.put("text", breakage.text());
        json.put("program", breakage.program().toString());
        json.put("found", isFound());
        json.put(
                "rule",
                result.trace().map(found -> found.violation().rule().number()).orElse(null));
        json.put(
                "replay",
                result.trace()
                        .map(found ->
                                SearchText.replay(breakage.program(), found, command + " --mutant " + breakage.name()))
                        .orElse(null));
        json.put("states", result.states());
        json.put("nanos", result.nanos());
        return json;
    }
}
