package io.mortmain.cli.explore;

import io.mortmain.explore.machine.Violation;
import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Replay;
import io.mortmain.explore.search.Result;
import io.mortmain.explore.search.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Searches and traces, for people and for programs. */
public final class SearchText {
    private SearchText() {}

    /** The head of the columns of {@link #line}. */
    public static String head() {
        return String.format(Locale.ROOT, "%13s %13s %9s %8s   %s", "states", "kills", "ends", "seconds", "program");
    }

    /** One program, in columns; ways at random count no ends. */
    public static String line(Searched searched) {
        Result result = searched.result();
        return String.format(
                Locale.ROOT,
                "%,13d %,13d %9s %8.1f   %s",
                result.states(),
                result.kills(),
                result.ends() == 0 ? "-" : String.format(Locale.ROOT, "%,d", result.ends()),
                result.nanos() / 1e9,
                searched.program());
    }

    /** How the rule came to be broken, step by step, and the command that shows it again. */
    public static List<String> broken(Program program, Trace trace, String command) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("A rule is broken by " + program + " in "
                + steps(trace.choices().size()) + ":");
        lines.addAll(numbered(stepsOf(trace)));
        lines.add(trace.violation().getMessage());
        lines.add("");
        lines.add("To see it again: " + replay(program, trace, command));
        return lines;
    }

    /** Why the search of the program is worth nothing; {@code found} is what ways at random have found instead. */
    public static List<String> doubted(Program program, String doubt, Optional<Trace> found) {
        return List.of(
                "",
                "The explorer is wrong about " + program + ": " + doubt + ".",
                found.isPresent()
                        ? "Ways at random, which merge nothing, break a rule:"
                        : "Ways at random, which merge nothing, break no rule; --walks goes more of them.");
    }

    /** A way that was gone again. */
    public static List<String> replayed(Replay replay) {
        List<String> lines = new ArrayList<>(numbered(replay.lines()));
        lines.add(replay.violation()
                .map(Violation::getMessage)
                .orElseGet(() -> "No rule is broken in " + steps(replay.lines().size())
                        + (replay.isOver() ? ", and all is over." : "; more could follow.")));
        return lines;
    }

    /** The same as {@link #broken} for programs. */
    public static Map<String, Object> toJson(Program program, Trace trace, String command) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("program", program.toString());
        json.put("rule", trace.violation().rule().number());
        json.put("what", trace.violation().getMessage());
        json.put("lines", stepsOf(trace));
        json.put("trace", trace.text());
        json.put("replay", replay(program, trace, command));
        return json;
    }

    /** The same as {@link #replayed} for programs; the rule is null where none is broken. */
    public static Map<String, Object> toJson(Program program, Replay replay) {
        Map<String, Object> json = new LinkedHashMap<>();
        Optional<Violation> violation = replay.violation();
        json.put("program", program.toString());
        json.put("rule", violation.map(broken -> broken.rule().number()).orElse(null));
        json.put("what", violation.map(Violation::getMessage).orElse(null));
        json.put("lines", replay.lines());
        json.put("over", replay.isOver());
        return json;
    }

    /** A program's text may have a character of the shell's. */
    static String replay(Program program, Trace trace, String command) {
        return command + " --program '" + program + "' --replay " + trace.text();
    }

    /** A trace that breaks a rule by a step has another line, which says so. */
    private static List<String> stepsOf(Trace trace) {
        return trace.lines().subList(0, trace.choices().size());
    }

    private static List<String> numbered(List<String> lines) {
        List<String> numbered = new ArrayList<>();
        for (String line : lines) {
            numbered.add(String.format(Locale.ROOT, "%5d  %s", numbered.size() + 1, line));
        }
        return numbered;
    }

    private static String steps(int count) {
        return count + (count == 1 ? " step" : " steps");
    }
}
