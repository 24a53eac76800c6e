package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.ForkKinds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a forked child can do with a mutex that was held at the fork, by kind: a table of the page, made from the evidence of the claims. */
final class ForkMatrix {
    private static final String NONE = "–";

    private final Map<String, String> expected = new HashMap<>();

    ForkMatrix(List<Claim> claims) {
        claims.forEach(claim ->
                claim.evidence().forEach(evidence -> expected.put(evidence.observation(), evidence.expected())));
    }

    /** The rows, with line ends. */
    String rows() {
        return Stream.of(ForkKinds.PRIVATE, ForkKinds.SHARED)
                .flatMap(sharing -> ForkKinds.KINDS.stream().map(kind -> row(sharing, kind)))
                .collect(Collectors.joining());
    }

    private String row(String sharing, String kind) {
        String mutex = sharing + " " + kind;
        boolean shared = sharing.equals(ForkKinds.SHARED);
        return "| "
                + String.join(
                        " | ",
                        mutex,
                        ofBoth(mutex, ForkKinds.UNLOCK),
                        shared ? ofBoth(mutex, ForkKinds.THIRD) : NONE,
                        ofBoth(mutex, ForkKinds.RELOCK),
                        seen(mutex + ForkKinds.ANOTHER + ForkKinds.RELEASED))
                + " |\n";
    }

    /** Held by the forking thread or by another: once if it is the same. */
    private String ofBoth(String mutex, String deed) {
        String ofForker = seen(mutex + ForkKinds.FORKER + deed);
        String ofAnother = seen(mutex + ForkKinds.ANOTHER + deed);
        return ofForker.equals(ofAnother) ? ofForker : ofForker + " / " + ofAnother;
    }

    private String seen(String observation) {
        String value = expected.get(observation);
        if (value == null) {
            throw new IllegalStateException("no claim has the evidence: " + observation);
        }
        return value;
    }
}
