package io.mortmain.cli.experiment;

import java.util.List;
import java.util.stream.Stream;

/** Mutexes of every kind that are held at a fork, by the forking thread or by another: what is seen of each. */
public final class ForkKinds {
    public static final String PRIVATE = "private";
    public static final String SHARED = "shared";
    public static final String FORKER = ", held by the forking thread: ";
    public static final String ANOTHER = ", held by another thread: ";
    public static final String UNLOCK = "unlock";
    public static final String RELOCK = "relock";
    /** The parent's holder has unlocked it before. */
    public static final String RELEASED = "relock after the release";
    /** The parent's holder has died. */
    public static final String DIED = "relock after its death";
    /** What the parent is left with, after the child's unlock. */
    public static final String THIRD = "a third process, after the child's unlock";

    public static final List<String> KINDS = Stream.of("plain", "robust")
            .flatMap(robustness ->
                    Stream.of("normal", "recursive", "error-checking").map(type -> robustness + " " + type))
            .toList();
    /** The only kind that does not know its owner. */
    private static final String WITHOUT_OWNER = "plain normal";

    private ForkKinds() {}

    /** What the child's unlock returns. */
    public static String unlocked(String kind) {
        return kind.equals(WITHOUT_OWNER) ? "0" : "EPERM";
    }

    /** Whether a third process gets a shared mutex after the child's unlock, though the parent believes that it holds. */
    public static String robbed(String kind) {
        return kind.equals(WITHOUT_OWNER) ? "0" : "EBUSY";
    }
}
