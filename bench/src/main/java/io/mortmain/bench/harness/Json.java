package io.mortmain.bench.harness;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Writes maps, collections, numbers, truth values and text as JSON. */
final class Json {
    private Json() {}

    static String of(Object value) {
        return switch (value) {
            case Map<?, ?> map -> object(map);
            case Collection<?> list -> array(list);
            case Double number -> decimal(number);
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> text(value.toString());
        };
    }

    private static String object(Map<?, ?> map) {
        StringJoiner members = new StringJoiner(",\n", "{", "}");
        map.forEach((name, value) -> members.add(text(name.toString()) + ": " + of(value)));
        return members.toString();
    }

    private static String array(Collection<?> list) {
        StringJoiner elements = new StringJoiner(", ", "[", "]");
        list.forEach(element -> elements.add(of(element)));
        return elements.toString();
    }

    private static String decimal(double number) {
        return Double.isFinite(number) ? String.format(Locale.ROOT, "%.4f", number) : "null";
    }

    private static String text(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
