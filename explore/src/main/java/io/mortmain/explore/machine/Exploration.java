package io.mortmain.explore.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A machine from its first state on, as a search sees it: states that can be told apart, and choices between them. */
public final class Exploration {
    private final Machine machine;
    private final int kind;

    /** One state. */
    public static final class State {
        private final World world;

        private State(World world) {
            this.world = world;
        }

        public long fingerprint() {
            return world.fingerprint();
        }

        /** The same of the memory, and who lives, alone. */
        public long fingerprintOfMemory() {
            return world.fingerprintOfMemory();
        }
    }

    /** @param kind the kind word of the mutexes */
    public Exploration(Machine machine, int kind) {
        this.machine = machine;
        this.kind = kind;
    }

    public State initial() {
        return new State(machine.initial(kind));
    }

    /** What the adversary can do; none when all is over. */
    public int[] choices(State state) {
        return machine.choices(state.world).stream().mapToInt(Integer::intValue).toArray();
    }

    /** The state after the choice. Throws {@link Violation} where a rule is broken. */
    public State after(State state, int choice) {
        return new State(machine.after(state.world, choice));
    }

    /** What is wrong with a state in which nothing is possible any more. */
    public Optional<Violation> violationAtEnd(State state) {
        try {
            machine.checkEnd(state.world);
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation);
        }
    }

    /** The way for people, a line for each choice; ends where a rule is broken. Throws {@link IllegalArgumentException} where a choice is not possible. */
    public List<String> tell(List<Integer> way) {
        List<String> lines = new ArrayList<>();
        World world = machine.initial(kind);
        for (int choice : way) {
            List<Integer> possible = machine.choices(world);
            if (!possible.contains(choice)) {
                throw new IllegalArgumentException("step " + (lines.size() + 1) + ", " + Choice.text(choice)
                        + ", is not possible there, but "
                        + (possible.isEmpty()
                                ? "nothing is: all is over"
                                : texts(possible) + (possible.size() == 1 ? " is" : " are"))
                        + "; the trace is of another program or another version, or has a step that nobody else sees:"
                        + " such steps take no turns");
            }
            lines.add(machine.describe(world, choice));
            try {
                world = machine.after(world, choice);
            } catch (Violation violation) {
                lines.add(violation.getMessage());
                return lines;
            }
        }
        State last = new State(world);
        if (choices(last).length == 0) {
            violationAtEnd(last).ifPresent(violation -> lines.add(violation.getMessage()));
        }
        return lines;
    }

    private static String texts(List<Integer> choices) {
        return choices.stream().map(Choice::text).collect(Collectors.joining(", "));
    }
}
