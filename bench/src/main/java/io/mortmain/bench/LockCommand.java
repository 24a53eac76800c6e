package io.mortmain.bench;

import io.mortmain.MutexKind;
import io.mortmain.bench.harness.LockBenchmark;
import io.mortmain.bench.harness.Section;
import io.mortmain.bench.harness.Settings;
import io.mortmain.bench.peer.Belongings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain bench lock}. */
@Command(
        name = "lock",
        description = "Measures the robust mutex by turns with C and with what else Java has, in the same run.",
        sortOptions = false,
        footer = {
            "",
            "Sections: uncontended, contended, kill, allocation (these four by default), jmh.",
            "When a run is killed by SIGKILL, its processes notice, remove its region and files, and end; what they miss the next run"
                    + " removes.",
            "",
            "Exit codes:",
            "  0  measured",
            "  1  could not be measured, or a lock was found broken (a lost count, a death that was not told)",
            "  2  wrong usage"
        })
final class LockCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private static final String[] DEFAULT_FOR_JMH = {"-prof", "gc"};

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;

    @Option(names = "--quick", description = "Some 20 seconds instead of 3 to 5 minutes.")
    private boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "SECTION", description = "Only these, e.g. uncontended,kill.")
    private List<Section> only = List.of();

    @Option(
            names = "--kind",
            defaultValue = "error-checking",
            description = "Kind of every mutex, in Java and C: normal, error-checking (default) or recursive.")
    private MutexKind kind;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of the uncontended section.")
    private @Nullable String rounds;

    @Option(
            names = "--slice",
            paramLabel = "MILLISECONDS",
            description = "Length of a turn in the uncontended section.")
    private @Nullable String slice;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the raw values go, as JSON. Default: bench-lock-<timestamp>.json in this folder.")
    private @Nullable Path file;

    @Option(
            names = "--before",
            paramLabel = "JAR",
            description =
                    "Another build of the library, of the same region format: measured by turns with this one in the"
                            + " uncontended section.")
    private @Nullable Path before;

    @Option(
            names = "--jmh",
            description = "Runs the JMH benchmarks instead; what follows -- goes to JMH, by default -prof gc.")
    private boolean jmh;

    @Parameters(paramLabel = "ARG", arity = "0..*", description = "After --jmh --: arguments of JMH, e.g. -prof gc.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Exception {
        Set<Section> sections = sections();
        requireInRange("--rounds", rounds, 1, 10_000);
        requireInRange("--slice", slice, 1, 10_000);
        if (file != null && file.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--out is empty; give the name of a file.");
        }
        if (!arguments.isEmpty() && !sections.contains(Section.JMH)) {
            throw new ParameterException(
                    spec.commandLine(), "Unexpected argument " + arguments.get(0) + "; only --jmh takes arguments.");
        }
        if (before != null && !Files.isRegularFile(before)) {
            throw new ParameterException(
                    spec.commandLine(), "--before is '" + before + "', which is no file; give a jar of the library.");
        }
        removeLeftovers();
        boolean runJmh = sections.remove(Section.JMH);
        if (!sections.isEmpty()) {
            new LockBenchmark(settings(), sections, before, spec.commandLine().getOut()).run(commandLine(), file());
        }
        if (runJmh) {
            Main.main(arguments.isEmpty() ? DEFAULT_FOR_JMH : arguments.toArray(String[]::new));
        }
        return 0;
    }

    private void removeLeftovers() {
        Belongings.removeOrphaned()
                .forEach(path ->
                        spec.commandLine().getOut().println("removed: " + path + ", left by a run that was killed"));
    }

    private Set<Section> sections() {
        if (jmh) {
            if (!only.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "Give --jmh or --only, not both.");
            }
            return EnumSet.of(Section.JMH);
        }
        return only.isEmpty() ? EnumSet.complementOf(EnumSet.of(Section.JMH)) : EnumSet.copyOf(only);
    }

    private void requireInRange(String option, @Nullable String value, int least, int most) {
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

    private Settings settings() {
        Settings settings = quick ? Settings.quick(kind) : Settings.full(kind);
        return settings.withRounds(
                rounds == null ? settings.rounds() : Integer.parseInt(rounds),
                slice == null ? settings.sliceMillis() : Integer.parseInt(slice));
    }

    private String commandLine() {
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        return given.isEmpty() ? "mortmain bench lock" : "mortmain bench " + String.join(" ", given);
    }

    private Path file() {
        return file != null
                ? file
                : Path.of("bench-lock-"
                        + LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP) + ".json");
    }
}
