package io.mortmain.cli.claims;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Mutexes of every kind that are held at a fork, by the forking thread or by another: what is seen of each. */
final class ForkKinds {
    static final String PRIVATE = "private";
    static final String SHARED = "shared";
    static final String FORKER = ", held by the forking thread: ";
    static final String ANOTHER = ", held by another thread: ";
    static final String UNLOCK = "unlock";
    static final String RELOCK = "relock";
    /** The parent's holder has unlocked it before. */
    static final String RELEASED = "relock after the release";
    /** The parent's holder has died. */
    static final String DIED = "relock after its death";
    /** What the parent is left with, after the child's unlock. */
    static final String THIRD = "a third process, after the child's unlock";

    static final List<String> KINDS = Stream.of("plain", "robust")
            .flatMap(robustness ->
                    Stream.of("normal", "recursive", "error-checking").map(type -> robustness + " " + type))
            .toList();
    /** The only kind that does not know its owner. */
    private static final String WITHOUT_OWNER = "plain normal";

    private ForkKinds() {}

    /** Of each kind, a deed of the child. */
    static List<Evidence> each(
            String sharing, String heldBy, String deed, String said, Function<String, String> expected) {
        return KINDS.stream()
                .map(kind -> new Evidence(
                        Experiment.FORK_LOCKS, sharing + " " + kind + heldBy + deed, said, expected.apply(kind)))
                .toList();
    }

    /** The same of each kind. */
    static List<Evidence> each(String sharing, String heldBy, String deed, String said, String expected) {
        return each(sharing, heldBy, deed, said, kind -> expected);
    }

    /** What the child's unlock returns. */
    static String unlocked(String kind) {
        return kind.equals(WITHOUT_OWNER) ? "0" : "EPERM";
    }

    /** Whether a third process gets a shared mutex after the child's unlock, though the parent believes that it holds. */
    static String robbed(String kind) {
        return kind.equals(WITHOUT_OWNER) ? "0" : "EBUSY";
    }
}
