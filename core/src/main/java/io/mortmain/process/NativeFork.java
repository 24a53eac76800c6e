package io.mortmain.process;

import java.util.List;
import java.util.OptionalInt;

/**
 * A fork of this process, by fork(2) of the C library.
 *
 * @param threadId the kernel's number of the thread that forked; empty where it did not wait for its turn long enough to be asked
 * @param child number of the child; empty where the fork failed, where it was not asked for, or where /proc does not say
 * @param hooks what became of the hooks
 * @param exec whether the child executed a program
 * @param failures what hooks threw, in the order in which they ran; and where one had not returned when the time limit was over, at last a
 *     {@link java.util.concurrent.TimeoutException} that names its class, and has for its stack trace where it stood. What hooks throw later is not told
 */
public record NativeFork(OptionalInt threadId, OptionalInt child, Hooks hooks, Exec exec, List<Throwable> failures) {
    /** What became of the hooks. */
    public enum Hooks {
        /** All were done before the fork began; those that threw count as done. */
        DONE,
        /** There were none. */
        NONE,
        /** The time limit passed, or a hook that was begun for an earlier fork has not ended: the thread forked, though not all were done. */
        TOO_LATE,
        /** None were begun: the thread forked in a signal handler, where it may hold whatever they wait for. */
        SIGNAL_HANDLER,
        /** None were begun: the thread that runs hooks forked itself. */
        BY_HOOK,
        /** None were begun: the thread that runs hooks was busy with earlier forks all the time that this one had. */
        NO_TURN
    }

    /** Whether the child executed a program. */
    public enum Exec {
        /** It did. */
        FOLLOWED,
        /** It ended without. */
        ENDED,
        /** It had not after a second, and lives. */
        NOT_YET,
        /** It was gone before that was seen, or there is none to look at. */
        UNKNOWN
    }

    /** Copies the list. */
    public NativeFork {
        failures = List.copyOf(failures);
    }
}
