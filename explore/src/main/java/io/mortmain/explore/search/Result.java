package io.mortmain.explore.search;

import java.util.Optional;

/**
 * What an exploration has seen.
 *
 * @param states different ones
 * @param steps from a state to another
 * @param kills steps that were deaths
 * @param ends different memories in which all was over
 * @param endsFingerprint the same number for the same set of them
 * @param isComplete whether every state was seen that can be reached
 * @param trace the shortest way to a broken rule, if one was found
 * @param doubt why the search is worth nothing, if so: ways of a thread's code were merged wrongly. A sentence without its full stop
 */
public record Result(
        long states,
        long steps,
        long kills,
        long ends,
        long endsFingerprint,
        boolean isComplete,
        long nanos,
        Optional<Trace> trace,
        Optional<String> doubt) {
    /** Whether a rule is broken, or the search in doubt. */
    public boolean isBroken() {
        return trace.isPresent() || doubt.isPresent();
    }

    /** The same in doubt, with what was found in another way. */
    Result doubted(String why, Optional<Trace> found) {
        return new Result(states, steps, kills, ends, endsFingerprint, false, nanos, found, Optional.of(why));
    }
}
