package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a reader may count on in every source file, of whichever module. */
class TidyTest {
    private static final int LONGEST_FILE = 500;
    private static final int LONGEST_METHOD = 60;
    private static final List<String> MODULES = List.of("core", "explore", "cli", "bench", "stress", "dist");
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Pattern METHOD =
            Pattern.compile("^( {4}| {8})(?!if |for |while |switch |try |return |else)\\S.*");
    private static final Pattern UNDONE = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern NUMERIC_OFFSET =
            Pattern.compile("\\b(mutex|node|head|slot|address|word|link|first|next)\\b\\s*[+-]\\s*\\d");

    @Test
    void shouldHaveShortFilesAndMethodsWithoutTabsAndLeftovers() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sourcesOfAllModules("src")) {
            List<String> lines = withoutGenerated(Files.readAllLines(file));
            if (lines.size() >= LONGEST_FILE) {
                wrong.add(file + " has " + lines.size() + " lines");
            }
            for (int at = 0; at < lines.size(); at++) {
                String line = lines.get(at);
                if (line.indexOf('\t') >= 0 || UNDONE.matcher(line).find()) {
                    wrong.add(file + ":" + (at + 1) + " " + line);
                }
                int end = METHOD.matcher(line).matches() ? endOfMethod(lines, at) : at;
                if (end - at >= LONGEST_METHOD) {
                    wrong.add(file + ":" + (at + 1) + " a method of " + (end - at + 1) + " lines");
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void shouldMarkEveryPackageNullSafe() throws IOException {
        for (Path file : sourcesOfAllModules("src/main/java")) {
            Path info = file.resolveSibling("package-info.java");
            if (!file.endsWith("module-info.java")) {
                assertThat(info).exists().content().contains("@NullMarked");
            }
        }
    }

    @Test
    void shouldUseNoNumericOffsetsInTheLock() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources(MAIN.resolve(Path.of("io", "mortmain", "internal", "lock")))) {
            for (String line : Files.readAllLines(file)) {
                if (!line.strip().startsWith("*")
                        && NUMERIC_OFFSET.matcher(line).find()) {
                    wrong.add(file + ": " + line);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** The last line of the method or constructor that begins here, or the line itself when none does. */
    private static int endOfMethod(List<String> lines, int start) {
        StringBuilder head = new StringBuilder();
        int at = start;
        while (at < lines.size() && !lines.get(at).endsWith("{")) {
            if (lines.get(at).endsWith(";")
                    || lines.get(at).endsWith("}")
                    || lines.get(at).isBlank()) {
                return start;
            }
            head.append(lines.get(at++));
        }
        if (at == lines.size() || !head.append(lines.get(at)).toString().matches("[^=]*\\(.*\\).*\\{")) {
            return start;
        }
        String close = lines.get(start).replaceAll("\\S.*", "") + "}";
        int end = at;
        while (end < lines.size() && !lines.get(end).startsWith(close)) {
            end++;
        }
        return end;
    }

    /** Without the lines between the formatter's marks: declarations that are many by design. */
    private static List<String> withoutGenerated(List<String> lines) {
        List<String> kept = new ArrayList<>();
        boolean keep = true;
        for (String line : lines) {
            keep = line.contains("spotless:off") ? false : keep || line.contains("spotless:on");
            if (keep) {
                kept.add(line);
            }
        }
        return kept;
    }

    /** Below that folder of each module. One test reads them all, so that the rules are the same for all. */
    private static List<Path> sourcesOfAllModules(String folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : MODULES) {
            Path sources = Path.of("..", module, folder);
            if (Files.exists(sources)) {
                found.addAll(sources(sources));
            }
        }
        return found;
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
