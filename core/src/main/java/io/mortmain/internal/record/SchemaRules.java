package io.mortmain.internal.record;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What holds for every schema, wherever it comes from: so what walks one ends soon, stays inside, and needs no more memory than this. */
final class SchemaRules {
    static final int MOST_SIZE = 1 << 20;
    static final int MOST_TEXT = 1 << 16;
    /** Groups in groups. */
    static final int MOST_DEPTH = 16;
    /** Nested records, those of arrays counted one by one: as maps they are far larger than in memory. */
    static final int MOST_GROUPS = 1 << 16;

    private static final int MOST_NAME = 255;
    private static final String NOT_IN_NAMES = "[]{}";
    /** Between the names of a field and of the record that it is in, where C programs name one. */
    private static final String PATH = ".";

    private SchemaRules() {}

    /** A sentence, or null where nothing is wrong. */
    static @Nullable String wrong(String name, long size, List<Field> fields) {
        if (!isName(name)) {
            return "a record cannot be called \"" + shown(name) + "\"; " + curedName();
        }
        if (fields.isEmpty()) {
            return containsNothing(name);
        }
        if (size <= 0 || size > MOST_SIZE || size % Long.BYTES != 0) {
            return name + " has " + size + " bytes; it can have 8 to " + MOST_SIZE
                    + ", a multiple of 8: keep less in one object, or use a guarded array";
        }
        String wrong = wrongFields(name, size, fields, 0);
        if (wrong == null && groups(fields) > MOST_GROUPS) {
            return name + " contains " + groups(fields) + " records; it can contain " + MOST_GROUPS
                    + ": use arrays of primitives, or a guarded array";
        }
        return wrong;
    }

    private static @Nullable String wrongFields(String of, long size, List<Field> fields, int depth) {
        if (fields.isEmpty()) {
            return containsNothing(of);
        }
        if (depth > MOST_DEPTH) {
            return of + " is nested more than " + MOST_DEPTH + " deep; nest less";
        }
        Set<String> names = new HashSet<>();
        long end = 0;
        for (Field field : fields) {
            String path = of + "." + shown(field.name());
            if (!isName(field.name()) || field.name().contains(PATH)) {
                return path + " cannot be called so; " + curedName() + ", and a field's without \".\"";
            }
            if (!names.add(field.name())) {
                return path + " occurs twice; rename one";
            }
            String wrong = wrongElements(path, field, depth);
            if (wrong != null) {
                return wrong;
            }
            if (field.offset() < end || field.size() > size - field.offset()) {
                return path + " has " + field.size() + " bytes at " + field.offset()
                        + ", which overlaps what is before it or exceeds the " + size + " bytes of " + of;
            }
            end = field.offset() + field.size();
        }
        return null;
    }

    private static String containsNothing(String path) {
        return path + " contains nothing; give it a component";
    }

    /** The counts are those of ints, the strides those of longs that are checked here, so a size that is asked for after is exact. */
    private static @Nullable String wrongElements(String path, Field field, int depth) {
        return switch (field) {
            case Field.Scalar _ -> null;
            case Field.Scalars array -> wrongCount(path, array.count());
            case Field.Text text -> wrongCount(path, text.capacity());
            case Field.Group group -> wrongGroup(path, group.size(), group.fields(), depth);
            case Field.Groups groups -> {
                String wrong = wrongCount(path, groups.count());
                yield wrong != null ? wrong : wrongGroup(path, groups.stride(), groups.fields(), depth);
            }
        };
    }

    private static @Nullable String wrongGroup(String path, long size, List<Field> fields, int depth) {
        return size > 0 && size <= MOST_SIZE
                ? wrongFields(path, size, fields, depth + 1)
                : path + " has " + size + " bytes; it can have 1 to " + MOST_SIZE;
    }

    private static @Nullable String wrongCount(String path, int count) {
        return count > 0 && count <= MOST_SIZE
                ? null
                : path + " has length " + count + "; give a length of 1 to " + MOST_SIZE;
    }

    private static long groups(List<Field> fields) {
        long count = 0;
        for (Field field : fields) {
            count += switch (field) {
                case Field.Group group -> 1 + groups(group.fields());
                case Field.Groups groups -> groups.count() * (1 + groups(groups.fields()));
                default -> 0;
            };
        }
        return count;
    }

    /** Nothing that the text needs for itself, or that a terminal or a reader's eye would take for something else. */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MOST_NAME
                && Texts.isWellFormed(name)
                && name.codePoints().allMatch(SchemaRules::isInNames);
    }

    private static boolean isInNames(int character) {
        return !Character.isWhitespace(character)
                && !Character.isSpaceChar(character)
                && !Character.isISOControl(character)
                && Character.getType(character) != Character.FORMAT
                && NOT_IN_NAMES.indexOf(character) < 0;
    }

    private static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().limit(MOST_NAME).forEach(c -> shown.appendCodePoint(isInNames(c) ? c : '?'));
        return shown.toString();
    }

    private static String curedName() {
        return "give a name of 1 to " + MOST_NAME + " characters without spaces, brackets, and control characters";
    }
}
