package io.mortmain.internal.record;

import java.util.List;

/**
 * The text of a schema, as C people read it:
 *
 * <pre>{@code
 * record Bank 152               name, size in bytes
 * 0 long alice                  offset, type, name
 * 8 string[20] owner            the most bytes of the text; an int before them is its length
 * 32 record[5] orders 24 {      elements, name, size of each; the offsets inside are from its beginning
 * 0 long price
 * 8 int[3] counts
 * }
 * }</pre>
 */
final class SchemaText {
    static final String TEXT = "string";
    static final String GROUP = "record";
    static final String END = "}";

    private SchemaText() {}

    static String of(String name, long size, List<Field> fields) {
        StringBuilder text = new StringBuilder();
        text.append(GROUP).append(' ').append(name).append(' ').append(size).append('\n');
        append(fields, text);
        return text.toString();
    }

    private static void append(List<Field> fields, StringBuilder text) {
        for (Field field : fields) {
            text.append(field.offset()).append(' ');
            switch (field) {
                case Field.Scalar scalar -> line(scalar.type().text(), scalar, text);
                case Field.Scalars array -> line(array.type().text() + "[" + array.count() + "]", array, text);
                case Field.Text string -> line(TEXT + "[" + string.capacity() + "]", string, text);
                case Field.Group group -> group(GROUP, group, group.size(), group.fields(), text);
                case Field.Groups groups ->
                    group(GROUP + "[" + groups.count() + "]", groups, groups.stride(), groups.fields(), text);
            }
        }
    }

    private static void line(String type, Field field, StringBuilder text) {
        text.append(type).append(' ').append(field.name()).append('\n');
    }

    private static void group(String type, Field field, long size, List<Field> fields, StringBuilder text) {
        text.append(type)
                .append(' ')
                .append(field.name())
                .append(' ')
                .append(size)
                .append(" {\n");
        append(fields, text);
        text.append(END).append('\n');
    }
}
