package io.mortmain.internal.record;

import io.mortmain.Length;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lays out the components of a record as C does the members of a structure. */
final class SchemaOfRecord {
    /** Of a constructor's arguments, where a long or double counts twice: some fewer than the JVM's 255, as method handles need. */
    private static final int MOST_SLOTS = 250;

    /** The records that the one in hand is in, from the outermost. */
    private final List<Class<?>> around = new ArrayList<>();

    private SchemaOfRecord() {}

    /** A structure in the making: where its next member could begin. */
    private static final class Struct {
        final List<Field> fields = new ArrayList<>();
        long end;
        int alignment = 1;

        long place(int aligned) {
            alignment = Math.max(alignment, aligned);
            return roundedUp(end, aligned);
        }

        void add(Field field) {
            fields.add(field);
            end = field.offset() + field.size();
        }

        long size() {
            return roundedUp(end, alignment);
        }
    }

    static Schema of(Class<?> type) {
        Struct struct = new SchemaOfRecord().struct(type, type.getTypeName());
        return Schema.checked(
                Reason.INVALID_ARGUMENT, type.getSimpleName(), roundedUp(struct.end, Long.BYTES), struct.fields);
    }

    static long roundedUp(long number, int multiple) {
        return (number + multiple - 1) / multiple * multiple;
    }

    private Struct struct(Class<?> type, String path) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw refused(path, "is no record", "declare a record class");
        }
        if (around.contains(type)) {
            throw refused(path, "contains " + type.getTypeName() + " in itself", "use indices into an array instead");
        }
        around.add(type);
        if (around.size() > SchemaRules.MOST_DEPTH + 1) {
            throw refused(path, "is nested more than " + SchemaRules.MOST_DEPTH + " deep", "nest less");
        }
        Struct struct = new Struct();
        int slots = 0;
        for (RecordComponent component : components) {
            add(component, path + "." + component.getName(), struct);
            slots += component.getType() == long.class || component.getType() == double.class ? 2 : 1;
        }
        if (slots > MOST_SLOTS) {
            throw refused(path, "has too many components", "put some of them in a record or array of their own");
        }
        around.removeLast();
        return struct;
    }

    private void add(RecordComponent component, String path, Struct struct) {
        Class<?> type = component.getType();
        String name = component.getName();
        Length length = component.getAnnotation(Length.class);
        ScalarType scalar = ScalarType.of(type);
        if (type == String.class) {
            // in C a structure of its own, which begins and ends at a multiple of its int
            int capacity = length(length, path, "the most bytes of its UTF-8");
            struct.add(new Field.Text(name, struct.place(Field.Text.LENGTH_SIZE), capacity));
            struct.end = roundedUp(struct.end, Field.Text.LENGTH_SIZE);
        } else if (type.isArray()) {
            addArray(type.getComponentType(), name, length(length, path, "its number of elements"), path, struct);
        } else if (length != null) {
            throw refused(path, "has a @Length and is no array or String", "remove the annotation");
        } else if (scalar != null) {
            struct.add(new Field.Scalar(name, struct.place(scalar.size()), scalar));
        } else {
            Struct inner = inner(type, path);
            struct.add(new Field.Group(name, struct.place(inner.alignment), inner.size(), inner.fields));
        }
        if (struct.end > SchemaRules.MOST_SIZE) {
            throw refused(
                    path,
                    "ends after more than " + SchemaRules.MOST_SIZE + " bytes",
                    "keep less in one object, or use a guarded array");
        }
    }

    private void addArray(Class<?> element, String name, int count, String path, Struct struct) {
        ScalarType scalar = ScalarType.of(element);
        if (scalar != null) {
            struct.add(new Field.Scalars(name, struct.place(scalar.size()), scalar, count));
            return;
        }
        Struct inner = inner(element, path);
        struct.add(new Field.Groups(name, struct.place(inner.alignment), count, inner.size(), inner.fields));
    }

    private Struct inner(Class<?> type, String path) {
        if (!type.isRecord()) {
            throw refused(
                    path,
                    "is of type " + type.getTypeName(),
                    "use a primitive type, a String, a record, or an array of primitives or of records");
        }
        return struct(type, path);
    }

    private static int length(@Nullable Length length, String path, String meaning) {
        if (length == null) {
            throw refused(path, "has no length", "annotate it with @Length(N), " + meaning);
        }
        if (length.value() < 1 || length.value() > SchemaRules.MOST_SIZE) {
            throw refused(
                    path, "has @Length(" + length.value() + ")", "give a length of 1 to " + SchemaRules.MOST_SIZE);
        }
        return length.value();
    }

    private static RegionException refused(String path, String why, String cure) {
        return new RegionException(
                Reason.INVALID_ARGUMENT, path + " cannot be in shared memory: it " + why + "; " + cure);
    }
}
