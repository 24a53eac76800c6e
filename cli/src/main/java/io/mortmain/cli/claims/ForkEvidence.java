package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.Experiment;
import io.mortmain.cli.experiment.ForkKinds;
import java.util.List;
import java.util.function.Function;

/** What is seen of mutexes of every kind that are held at a fork. */
final class ForkEvidence {
    private ForkEvidence() {}

    /** Of each kind, a deed of the child. */
    static List<Evidence> each(
            String sharing, String heldBy, String deed, String said, Function<String, String> expected) {
        return ForkKinds.KINDS.stream()
                .map(kind -> new Evidence(
                        Experiment.FORK_LOCKS, sharing + " " + kind + heldBy + deed, said, expected.apply(kind)))
                .toList();
    }

    /** The same of each kind. */
    static List<Evidence> each(String sharing, String heldBy, String deed, String said, String expected) {
        return each(sharing, heldBy, deed, said, kind -> expected);
    }
}
