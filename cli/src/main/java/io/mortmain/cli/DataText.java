package io.mortmain.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Guarded data as text: a field and its value on each line; and as what JSON can say. */
final class DataText {
    private final int mostElements;
    private final List<String> lines = new ArrayList<>();

    private DataText(int mostElements) {
        this.mostElements = mostElements;
    }

    /**
     * A line for each field: {@code orders[0].price = 7}; a single value or the elements of an array plainly,
     * of several arrays each in brackets.
     *
     * @param mostElements how many elements of each array are written
     */
    static List<String> lines(Object value, int mostElements) {
        DataText text = new DataText(mostElements);
        if (value instanceof Map || isOfRecords(value)) {
            text.write("", value);
        } else if (value instanceof List<?> list) {
            list.forEach(element ->
                    text.lines.add(element instanceof List<?> elements ? text.inBrackets(elements) : plain(element)));
        } else {
            text.lines.add(plain(value));
        }
        return text.lines;
    }

    private void write(String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((field, of) -> write(path.isEmpty() ? field.toString() : path + "." + field, of));
        } else if (value instanceof List<?> list && isOfRecords(value)) {
            for (int i = 0; i < Math.min(mostElements, list.size()); i++) {
                write(path + "[" + i + "]", list.get(i));
            }
            if (list.size() > mostElements) {
                lines.add(Printable.of(path) + " has " + list.size() + " elements");
            }
        } else {
            lines.add(Printable.of(path) + " = " + (value instanceof List<?> list ? inBrackets(list) : quoted(value)));
        }
    }

    private static boolean isOfRecords(Object value) {
        return value instanceof List<?> list && (list.getFirst() instanceof Map || isOfRecords(list.getFirst()));
    }

    private String inBrackets(List<?> list) {
        String shown = list.stream().limit(mostElements).map(DataText::quoted).collect(Collectors.joining(", "));
        return list.size() > mostElements ? "[" + shown + ", ...] " + list.size() + " elements" : "[" + shown + "]";
    }

    private static String quoted(Object value) {
        return value instanceof String || value instanceof Character
                ? "\"" + plain(value).replace("\"", "\\\"") + "\""
                : plain(value);
    }

    private static String plain(Object value) {
        return Printable.of(value.toString());
    }

    /** JSON has no numbers that are not finite: they are strings. */
    static Object json(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> json = new LinkedHashMap<>();
                map.forEach((field, of) -> json.put(field.toString(), json(of)));
                yield json;
            }
            case List<?> list -> list.stream().map(DataText::json).toList();
            case Double number when !Double.isFinite(number) -> number.toString();
            case Float number when !Float.isFinite(number) -> number.toString();
            default -> value;
        };
    }
}
