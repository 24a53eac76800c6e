package io.mortmain.explore.search;

import io.mortmain.explore.machine.Choice;
import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A way that is gone again.
 *
 * @param lines for people, one for each step that was made; those after a broken rule are not
 * @param violation the rule that is broken by the last step, or by the state it leads to
 * @param isOver whether nothing is possible after it
 */
public record Replay(List<String> lines, Optional<Violation> violation, boolean isOver) {
    public Replay {
        lines = List.copyOf(lines);
    }

    /** The choices of a {@link Trace#text}; throws {@link IllegalArgumentException} with a sentence where it cannot be read. */
    public static List<Integer> parse(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(step -> Choice.parse(step.isEmpty() ? "\"\"" : step))
                .toList();
    }

    /** Goes it; throws {@link IllegalArgumentException} with a sentence where a choice is not possible. */
    public static Replay of(Exploration exploration, List<Integer> way) {
        List<String> lines = exploration.tell(way); // may have what is wrong at its end
        Exploration.State state = exploration.initial();
        for (int step = 0; step < way.size(); step++) {
            try {
                state = exploration.after(state, way.get(step));
            } catch (Violation violation) {
                return new Replay(lines.subList(0, step + 1), Optional.of(violation), false);
            }
        }
        boolean isOver = exploration.choices(state).length == 0;
        return new Replay(
                lines.subList(0, way.size()), isOver ? exploration.violationAtEnd(state) : Optional.empty(), isOver);
    }
}
