package io.mortmain.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Text that others chose, such as names, made safe to show on a terminal. */
final class Printable {
    private Printable() {}

    /** With each control and format character, unpaired surrogate and backslash as an escape. */
    static String of(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.UNASSIGNED -> out.append(String.format(Locale.ROOT, "\\u{%x}", c));
                default -> out.append(c == '\\' ? "\\\\" : Character.toString(c));
            }
        });
        return out.toString();
    }

    /** A value that was given, in a sentence: an empty one is seen by its quotation marks. */
    static String value(String given) {
        return given.isEmpty() ? "\"\"" : given;
    }

    /** To the second, in UTC. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
