package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and values, without a class: for tools. */
final class FieldsCodec extends Codec<Map<String, Object>> {
    FieldsCodec(Schema schema) {
        super(schema);
    }

    @Override
    public Map<String, Object> decode(long[] from) {
        return values(schema().fields(), schema().name(), 0, MemorySegment.ofArray(from));
    }

    private static Map<String, Object> values(List<Field> fields, String path, long base, MemorySegment from) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Field field : fields) {
            values.put(field.name(), value(field, path + "." + field.name(), base + field.offset(), from));
        }
        return values;
    }

    private static Object value(Field field, String path, long at, MemorySegment from) {
        return switch (field) {
            case Field.Scalar scalar -> scalar.type().read(from, at);
            case Field.Text text -> Texts.textAt(path, at, text.capacity(), from);
            case Field.Scalars array -> {
                List<Object> elements = new ArrayList<>(array.count());
                for (int i = 0; i < array.count(); i++) {
                    elements.add(
                            array.type().read(from, at + (long) i * array.type().size()));
                }
                yield elements;
            }
            case Field.Group group -> values(group.fields(), path, at, from);
            case Field.Groups groups -> {
                List<Object> elements = new ArrayList<>(groups.count());
                for (int i = 0; i < groups.count(); i++) {
                    elements.add(values(groups.fields(), path + "[" + i + "]", at + i * groups.stride(), from));
                }
                yield elements;
            }
        };
    }

    @Override
    public void encode(Map<String, Object> value, long[] to) {
        Arrays.fill(to, 0); // the paddings, too
        put(schema().fields(), schema().name(), value, 0, MemorySegment.ofArray(to));
    }

    private static void put(List<Field> fields, String path, @Nullable Object value, long base, MemorySegment to) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Boxes.refused(path, value, "a map of its fields");
        }
        for (Field field : fields) {
            if (!map.containsKey(field.name())) {
                throw new RegionException(
                        Reason.INVALID_ARGUMENT,
                        path + "." + field.name() + " is missing; give a value for each field");
            }
            put(field, path + "." + field.name(), map.get(field.name()), base + field.offset(), to);
        }
        if (map.size() > fields.size()) {
            List<Object> unknown = new ArrayList<>(map.keySet());
            fields.forEach(field -> unknown.remove(field.name()));
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    path + " has no " + unknown.getFirst() + "; its fields are "
                            + String.join(", ", fields.stream().map(Field::name).toList()));
        }
    }

    private static void put(Field field, String path, @Nullable Object value, long at, MemorySegment to) {
        switch (field) {
            case Field.Scalar scalar -> scalar.type().write(to, at, Boxes.of(scalar.type(), path, value));
            case Field.Text text -> {
                if (!(value instanceof String string)) {
                    throw Boxes.refused(path, value, "a string");
                }
                Texts.put(path, at, text.capacity(), to, string);
            }
            case Field.Scalars array -> {
                List<?> elements = elements(path, value, array.count());
                for (int i = 0; i < array.count(); i++) {
                    Object box = Boxes.of(array.type(), path + "[" + i + "]", elements.get(i));
                    array.type().write(to, at + (long) i * array.type().size(), box);
                }
            }
            case Field.Group group -> put(group.fields(), path, value, at, to);
            case Field.Groups groups -> {
                List<?> elements = elements(path, value, groups.count());
                for (int i = 0; i < groups.count(); i++) {
                    put(groups.fields(), path + "[" + i + "]", elements.get(i), at + i * groups.stride(), to);
                }
            }
        }
    }

    private static List<?> elements(String path, @Nullable Object value, int count) {
        if (!(value instanceof List<?> list)) {
            throw Boxes.refused(path, value, "a list of " + count);
        }
        if (list.size() != count) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT, path + " cannot have " + list.size() + " elements; give exactly " + count);
        }
        return list;
    }
}
