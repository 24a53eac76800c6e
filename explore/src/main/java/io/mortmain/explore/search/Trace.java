package io.mortmain.explore.search;

import io.mortmain.explore.machine.Choice;
import io.mortmain.explore.machine.Violation;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a rule came to be broken.
 *
 * @param choices the adversary's, from the beginning
 * @param lines the same for people
 */
public record Trace(List<Integer> choices, List<String> lines, Violation violation) {
    public Trace {
        choices = List.copyOf(choices);
        lines = List.copyOf(lines);
    }

    /** To be played again. */
    public String text() {
        return choices.stream().map(Choice::text).collect(Collectors.joining(","));
    }
}
