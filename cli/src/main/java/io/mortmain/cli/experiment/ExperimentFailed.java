package io.mortmain.cli.experiment;

import java.util.Map;

/** An experiment did not come to its end. The message says how it ended, and what it had seen by then is kept. */
public final class ExperimentFailed extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> seen;

    ExperimentFailed(String how, Map<String, String> seen) {
        super(how);
        this.seen = Map.copyOf(seen);
    }

    /** As of an experiment that came to its end. */
    public Map<String, String> seen() {
        return seen;
    }
}
