package io.mortmain.bench;

import io.mortmain.MutexKind;
import io.mortmain.bench.harness.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say how much is measured, and on which mutexes. */
final class HowMuch {
    @Option(names = "--quick", description = "A minute or less, instead of several.")
    private boolean quick;

    @Option(
            names = "--kind",
            defaultValue = "error-checking",
            description = "Kind of every mutex, in Java and C: normal, error-checking (default) or recursive.")
    private MutexKind kind;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of what is measured uncontended.")
    private @Nullable String rounds;

    @Option(names = "--slice", paramLabel = "MILLISECONDS", description = "Length of a turn in them.")
    private @Nullable String slice;

    /** Refuses what is out of range. */
    Settings settings(CommandSpec spec) {
        requireInRange(spec, "--rounds", rounds, 1, 10_000);
        requireInRange(spec, "--slice", slice, 1, 10_000);
        Settings settings = quick ? Settings.quick(kind) : Settings.full(kind);
        return settings.withRounds(
                rounds == null ? settings.rounds() : Integer.parseInt(rounds),
                slice == null ? settings.sliceMillis() : Integer.parseInt(slice));
    }

    private static void requireInRange(CommandSpec spec, String option, @Nullable String value, int least, int most) {
        if (value != null && !isInRange(value, least, most)) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " is " + (value.isEmpty() ? "\"\"" : value) + " and must be " + least + " to " + most
                            + ".");
        }
    }

    private static boolean isInRange(String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            return number >= least && number <= most;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
