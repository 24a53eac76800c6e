package io.mortmain.explore.search;

import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Reduction;
import io.mortmain.explore.machine.Violation;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks for a way to a broken rule, and shows none that was not gone again without merging: where the ways of a thread's code were merged
 * wrongly, a trace may be of no run that there is.
 */
public final class Search {
    /** For a trace where the merging is in doubt: some seconds. */
    private static final long WAYS = 20_000;

    private static final long SEED = 1;

    private final Function<Reduction, Exploration> program;

    /** @param program a new exploration of the same at each call */
    public Search(Function<Reduction, Exploration> program) {
        this.program = program;
    }

    /** As {@link Explorer#explore}. */
    public Result explore(long mostStates) {
        Result result = Explorer.explore(program.apply(Reduction.ALL), mostStates);
        Optional<String> doubt = result.doubt().or(() -> result.trace().flatMap(this::doubt));
        return doubt.isEmpty()
                ? result
                : result.doubted(doubt.get(), wander(SEED, WAYS).trace());
    }

    /** As {@link Wanderer#wander}, and merges nothing. */
    public Result wander(long seed, long ways) {
        return Wanderer.wander(() -> program.apply(Reduction.UNMERGED), seed, ways);
    }

    private Optional<String> doubt(Trace trace) {
        boolean isBroken;
        try {
            isBroken = Replay.of(program.apply(Reduction.UNMERGED), trace.choices())
                    .violation()
                    .map(Violation::rule)
                    .filter(rule -> rule == trace.violation().rule())
                    .isPresent();
        } catch (IllegalArgumentException notPossible) {
            isBroken = false;
        }
        return isBroken
                ? Optional.empty()
                : Optional.of("rule " + trace.violation().rule().number()
                        + " was found broken, but is not broken when its trace is replayed: ways were merged wrongly,"
                        + " what a thread remembers is more than is compared");
    }
}
