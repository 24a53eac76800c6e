package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a schema. Anybody who may write the memory may have written it: so lines, depth and numbers are bounded while it is
 * read, the result obeys {@link SchemaRules}, and its own text is the one that was read.
 */
final class SchemaParser {
    private static final String NUMBER = "(0|[1-9][0-9]{0,6})";
    private static final String COUNT = "(?:\\[" + NUMBER + "])?";
    private static final String NAME = "([^ \n]{1,255})";
    private static final Pattern HEADER = Pattern.compile(SchemaText.GROUP + " " + NAME + " " + NUMBER);
    private static final Pattern GROUP =
            Pattern.compile(NUMBER + " " + SchemaText.GROUP + COUNT + " " + NAME + " " + NUMBER + " \\{");
    private static final Pattern LEAF = Pattern.compile(NUMBER + " ([a-z]{1,7})" + COUNT + " " + NAME);
    private static final int NONE = -1;

    private final List<String> lines;
    private int next;

    private SchemaParser(List<String> lines) {
        this.lines = lines;
    }

    static Schema parse(String text) {
        if (text.length() > SchemaRules.MOST_TEXT) {
            throw damaged(0, "it has more than " + SchemaRules.MOST_TEXT + " characters");
        }
        SchemaParser parser = new SchemaParser(text.lines().toList());
        Matcher header = HEADER.matcher(parser.lines.isEmpty() ? "" : parser.lines.getFirst());
        if (!header.matches()) {
            throw damaged(1, "no name and size of a record");
        }
        parser.next = 1;
        List<Field> fields = parser.fields(0);
        if (parser.next != parser.lines.size()) {
            throw damaged(parser.next, "nothing is to be ended here");
        }
        Schema schema = Schema.checked(Reason.DAMAGED, header.group(1), number(header.group(2)), fields);
        if (!schema.text().equals(text)) {
            throw damaged(parser.lines.size(), "the ends of the lines are not those of a schema");
        }
        return schema;
    }

    /** Up to the end of the group, whose line is consumed, or of the text. */
    private List<Field> fields(int depth) {
        if (depth > SchemaRules.MOST_DEPTH) {
            throw damaged(next, "nested more than " + SchemaRules.MOST_DEPTH + " deep");
        }
        List<Field> fields = new ArrayList<>();
        while (next < lines.size()) {
            String line = lines.get(next++);
            if (line.equals(SchemaText.END)) {
                return fields;
            }
            Matcher group = GROUP.matcher(line);
            fields.add(group.matches() ? group(group, depth) : leaf(LEAF.matcher(line)));
        }
        if (depth > 0) {
            throw damaged(next, "a group without end");
        }
        return fields;
    }

    private Field group(Matcher line, int depth) {
        int offset = number(line.group(1));
        int count = count(line.group(2));
        String name = line.group(3);
        int size = number(line.group(4));
        List<Field> fields = fields(depth + 1);
        return count == NONE
                ? new Field.Group(name, offset, size, fields)
                : new Field.Groups(name, offset, count, size, fields);
    }

    private Field leaf(Matcher line) {
        if (!line.matches()) {
            throw damaged(next, "no offset, type and name");
        }
        int offset = number(line.group(1));
        String type = line.group(2);
        int count = count(line.group(3));
        String name = line.group(4);
        if (type.equals(SchemaText.TEXT) && count != NONE) {
            return new Field.Text(name, offset, count);
        }
        ScalarType scalar = ScalarType.named(type);
        if (scalar == null) {
            throw damaged(next, "no type that there is");
        }
        return count == NONE ? new Field.Scalar(name, offset, scalar) : new Field.Scalars(name, offset, scalar, count);
    }

    private static int count(@Nullable String group) {
        return group == null ? NONE : number(group);
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static RegionException damaged(int line, String what) {
        return new RegionException(
                Reason.DAMAGED, "the description of a guarded object is damaged, at line " + line + ": " + what);
    }
}
