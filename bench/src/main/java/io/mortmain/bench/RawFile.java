package io.mortmain.bench;

import io.mortmain.bench.peer.Belongings;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --out}: where raw values go. And what else the benchmarks have in common before they measure. */
final class RawFile {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where the raw values go, as JSON. Default: bench-${COMMAND-NAME}-<timestamp>.json in this folder.")
    private @Nullable Path file;

    void requireNamed(CommandSpec spec) {
        if (file != null && file.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--out is empty; give the name of a file.");
        }
    }

    /** The one given, or a new one in this folder, of the benchmark's name. */
    Path orDefault(CommandSpec spec) {
        return file != null
                ? file
                : Path.of("bench-" + spec.name() + "-"
                        + LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP) + ".json");
    }

    /** As it was given, for the record. */
    static String commandLine(CommandSpec spec) {
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        return given.isEmpty() ? spec.qualifiedName() : "mortmain bench " + String.join(" ", given);
    }

    static void removeLeftovers(CommandSpec spec) {
        Belongings.removeOrphaned()
                .forEach(path ->
                        spec.commandLine().getOut().println("removed: " + path + ", left by a run that was killed"));
    }
}
