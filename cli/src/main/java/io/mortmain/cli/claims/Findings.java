package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.Experiment;
import io.mortmain.cli.experiment.Laboratory;
import io.mortmain.cli.process.NotTried;
import java.util.EnumMap;
import java.util.Map;

/** What the experiments saw, each by its name. */
final class Findings {
    private final Map<Experiment, Map<String, String>> values = new EnumMap<>(Experiment.class);

    void put(Experiment experiment, Map<String, String> seen) {
        values.put(experiment, Map.copyOf(seen));
    }

    /** The value, or nothing if it was not seen. */
    String of(Evidence evidence) {
        String value = values.getOrDefault(evidence.experiment(), Map.of()).getOrDefault(evidence.observation(), "");
        if (value.startsWith(Laboratory.IMPOSSIBLE)) {
            throw new NotTried(value.substring(Laboratory.IMPOSSIBLE.length()));
        }
        return value;
    }
}
