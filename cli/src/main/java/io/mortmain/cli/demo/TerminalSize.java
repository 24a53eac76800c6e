package io.mortmain.cli.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Of the terminal that is standard output; 0 by 0 where nobody knows. */
record TerminalSize(int columns, int rows) {
    static final TerminalSize UNKNOWN = new TerminalSize(0, 0);

    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("(\\d{1,6}) (\\d{1,6})");

    /** What the kernel says, else what the environment says. */
    static TerminalSize find(Map<String, String> environment) {
        TerminalSize asked = ask();
        return asked.equals(UNKNOWN)
                ? parse(environment.getOrDefault("LINES", "") + " " + environment.getOrDefault("COLUMNS", ""))
                : asked;
    }

    /** Of rows and columns with a blank between. */
    static TerminalSize parse(String rowsAndColumns) {
        Matcher matcher = ROWS_AND_COLUMNS.matcher(rowsAndColumns.strip());
        return matcher.matches()
                ? new TerminalSize(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(1)))
                : UNKNOWN;
    }

    /** The command stty asks about the terminal that is its standard input. */
    private static TerminalSize ask() {
        try {
            File terminal = Files.readSymbolicLink(STANDARD_OUTPUT).toFile();
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return UNKNOWN;
            }
            return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException unknown) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
