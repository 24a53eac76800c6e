package io.mortmain.cli.explore;

import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Result;
import io.mortmain.explore.search.Search;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How programs are searched.
 *
 * @param mostStates of each program, where all are to be visited
 * @param ways so many through each, at random, where not
 * @param seed of the ways
 */
public record SearchPlan(List<Program> programs, long mostStates, OptionalLong ways, long seed) {
    public SearchPlan {
        programs = List.copyOf(programs);
    }

    /** Whether a rule may be broken somewhere else than where it is looked. */
    public boolean isRandom() {
        return ways.isPresent();
    }

    /** For programs. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ways", isRandom() ? ways.getAsLong() : null);
        json.put("seed", isRandom() ? seed : null);
        return json;
    }

    /** Searches one. */
    public Result search(Search search) {
        return ways.isPresent() ? search.wander(seed, ways.getAsLong()) : search.explore(mostStates);
    }
}
