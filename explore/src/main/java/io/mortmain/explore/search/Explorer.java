package io.mortmain.explore.search;

import io.mortmain.explore.machine.Choice;
import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.MergedWrongly;
import io.mortmain.explore.machine.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Visits every state that a machine can reach, nearest first, so that the first broken rule is found on a shortest way. States are known
 * by 64 bits: with n states, the chance that one was left out for its likeness to another is below n² / 2^65, for ten million one in
 * three hundred thousand, for 500 million one in 150.
 */
public final class Explorer {
    private final Exploration exploration;
    private final long mostStates;
    private final LongSet known = new LongSet();
    private final ArrayDeque<Exploration.State> frontier = new ArrayDeque<>();
    /** Of each state, in order of its finding: from which it was reached, and how. */
    private int[] parents = new int[1 << 12];

    private int[] choices = new int[1 << 12];
    private int found;
    private final LongSet ends = new LongSet();
    private long endsFingerprint;
    private long steps;
    private long kills;

    private Explorer(Exploration exploration, long mostStates) {
        this.exploration = exploration;
        this.mostStates = mostStates;
    }

    /** Visits all states, or {@code mostStates} of them. */
    public static Result explore(Exploration exploration, long mostStates) {
        return new Explorer(exploration, mostStates).run();
    }

    /** Numbers of the different memories in which all was over, after a visit of all states. */
    public static Set<Long> ends(Exploration exploration) {
        Explorer explorer = new Explorer(exploration, Long.MAX_VALUE);
        Result result = explorer.run();
        if (!result.isComplete()) {
            throw new IllegalArgumentException("a rule is broken"
                    + result.doubt().map(why -> ", or " + why).orElse(""));
        }
        return explorer.ends.all();
    }

    private Result run() {
        long start = System.nanoTime();
        add(exploration.initial(), -1, 0);
        Optional<Trace> trace = Optional.empty();
        Optional<String> doubt = Optional.empty();
        int current = 0;
        try {
            while (!frontier.isEmpty() && trace.isEmpty() && found < mostStates) {
                trace = expand(frontier.removeFirst(), current);
                current++;
            }
        } catch (MergedWrongly merged) {
            doubt = Optional.of(String.valueOf(merged.getMessage()));
        }
        boolean isComplete = frontier.isEmpty() && trace.isEmpty() && doubt.isEmpty();
        return new Result(
                found, steps, kills, ends.size(), endsFingerprint, isComplete, System.nanoTime() - start, trace, doubt);
    }

    private Optional<Trace> expand(Exploration.State state, int index) {
        int[] possible = exploration.choices(state);
        if (possible.length == 0) {
            addEnd(state.fingerprintOfMemory());
            return exploration.violationAtEnd(state).map(violation -> trace(index, -1, violation));
        }
        for (int choice : possible) {
            steps++;
            kills += Choice.isKill(choice) ? 1 : 0;
            try {
                add(exploration.after(state, choice), index, choice);
            } catch (Violation violation) {
                return Optional.of(trace(index, choice, violation));
            }
        }
        return Optional.empty();
    }

    private void addEnd(long fingerprint) {
        if (ends.add(fingerprint)) {
            endsFingerprint += fingerprint;
        }
    }

    private void add(Exploration.State state, int parent, int choice) {
        if (!known.add(state.fingerprint())) {
            return;
        }
        if (found == parents.length) {
            parents = Arrays.copyOf(parents, found * 2);
            choices = Arrays.copyOf(choices, found * 2);
        }
        parents[found] = parent;
        choices[found] = choice;
        found++;
        frontier.addLast(state);
    }

    private Trace trace(int index, int last, Violation violation) {
        List<Integer> way = new ArrayList<>();
        if (last >= 0) {
            way.add(last);
        }
        for (int at = index; parents[at] >= 0; at = parents[at]) {
            way.add(choices[at]);
        }
        Collections.reverse(way);
        return new Trace(way, exploration.tell(way), violation);
    }
}
