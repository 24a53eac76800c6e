package io.mortmain.cli;

import io.mortmain.errors.NotRecoverableException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands have in common that take the lock of guarded data. */
final class DataOptions {
    static final int TIME_OVER = 5;
    static final int NOT_RECOVERABLE = 6;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            description =
                    "How long to wait for the lock, such as 500ms, 2s, 1.5m or 1h; a plain number is seconds; 0: not at all."
                            + " Default: ${DEFAULT-VALUE}.")
    private String timeout = "10s";

    @Option(
            names = "--foreign",
            description = "Do it also if the region belongs to another user, who can then disturb us.")
    boolean foreign;

    Duration timeout() {
        return TimeText.parse(timeout)
                .orElseThrow(() -> new ParameterException(
                        command().commandLine(),
                        "--timeout is " + Printable.value(timeout) + " and must be a time of at most "
                                + TimeText.MOST_DAYS + " days such as 500ms, 2s, 1.5m or 1h."));
    }

    /** Runs what takes the lock, and ends with its exit code, or with one for why it could not. */
    int run(String object, Callable<Integer> work) throws Exception {
        timeout(); // one that is none is refused also where nobody waits
        try {
            return work.call();
        } catch (TimeOverException over) {
            return Main.refused(
                    command().commandLine(),
                    TIME_OVER,
                    "others had the lock of " + object + " for "
                            + (Character.isDigit(timeout.charAt(timeout.length() - 1)) ? timeout + " s" : timeout)
                            + ", and nothing was done; 'mortmain inspect' shows who");
        } catch (NotRecoverableException givenUp) {
            return Main.refused(
                    command().commandLine(),
                    NOT_RECOVERABLE,
                    object + " is not recoverable: another program gave it up; see mortmain reset");
        }
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "set by picocli");
    }

    /** The time was over. */
    static final class TimeOverException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
