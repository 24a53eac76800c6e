package io.mortmain.cli.explore;

import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Result;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the search of one program has seen. */
public record Searched(Program program, Result result) {
    /** Whether a rule was broken, or the search is in doubt. */
    public boolean isBroken() {
        return result.isBroken();
    }

    /** Whether every state was visited. */
    public boolean isComplete() {
        return result.isComplete();
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("program", program.toString());
        json.put("states", result.states());
        json.put("steps", result.steps());
        json.put("kills", result.kills());
        json.put("ends", result.ends() == 0 ? null : result.ends()); // ways at random count none
        json.put("complete", result.isComplete());
        json.put("nanos", result.nanos());
        return json;
    }
}
