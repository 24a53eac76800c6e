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
import picocli.CommandLine.ParameterException;

/** What the benchmarks have in common before they measure: where raw values go, and what dead runs left. */
final class RawFile {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private RawFile() {}

    static void requireNamed(CommandSpec spec, @Nullable Path file) {
        if (file != null && file.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--out is empty; give the name of a file.");
        }
    }

    /** The one given, or a new one in this folder that begins so. */
    static Path orDefault(@Nullable Path file, String start) {
        return file != null
                ? file
                : Path.of(
                        start + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP) + ".json");
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
