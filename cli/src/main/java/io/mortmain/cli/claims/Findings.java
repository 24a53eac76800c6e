package io.mortmain.cli.claims;

import java.util.EnumMap;
import java.util.Map;

/** What the experiments saw, each by its name. */
final class Findings {
    /** How a value begins that says why something cannot be made to happen here. */
    private static final String NOT_TRIED = "not tried: ";

    private final Map<Experiment, Map<String, String>> values = new EnumMap<>(Experiment.class);

    void put(Experiment experiment, Map<String, String> seen) {
        values.put(experiment, Map.copyOf(seen));
    }

    /** The value, or nothing if it was not seen. */
    String of(Evidence evidence) {
        String value = values.getOrDefault(evidence.experiment(), Map.of()).getOrDefault(evidence.observation(), "");
        if (value.startsWith(NOT_TRIED)) {
            throw new NotTried(value.substring(NOT_TRIED.length()));
        }
        return value;
    }
}
