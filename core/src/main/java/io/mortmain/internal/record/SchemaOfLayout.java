package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The fields of a memory layout, where it says that they are. */
final class SchemaOfLayout {
    private SchemaOfLayout() {}

    static Schema of(String name, MemoryLayout layout) {
        if (layout.byteAlignment() > Long.BYTES) {
            throw refused(name, "is aligned to " + layout.byteAlignment() + " bytes", "align to 8 at most");
        }
        if (layout.byteSize() > SchemaRules.MOST_SIZE) {
            throw refused(
                    name,
                    "has " + layout.byteSize() + " bytes",
                    "keep at most " + SchemaRules.MOST_SIZE + " in one object, or use a guarded array");
        }
        return Schema.checked(
                Reason.INVALID_ARGUMENT,
                name,
                SchemaOfRecord.roundedUp(layout.byteSize(), Long.BYTES),
                inside(layout, name, 0));
    }

    /** A structure's members; anything else as the only member of one. */
    private static List<Field> inside(MemoryLayout layout, String path, int depth) {
        if (depth > SchemaRules.MOST_DEPTH) {
            throw refused(path, "is nested more than " + SchemaRules.MOST_DEPTH + " deep", "nest less");
        }
        List<MemoryLayout> members = layout instanceof StructLayout struct ? struct.memberLayouts() : List.of(layout);
        List<Field> fields = new ArrayList<>();
        long offset = 0;
        for (MemoryLayout member : members) {
            if (!(member instanceof PaddingLayout)) {
                String name = member.name().orElse("field" + fields.size());
                fields.add(field(member, name, offset, path + "." + name, depth));
            }
            offset += member.byteSize();
        }
        return fields;
    }

    private static Field field(MemoryLayout layout, String name, long offset, String path, int depth) {
        return switch (layout) {
            case ValueLayout value -> new Field.Scalar(name, offset, scalar(value, path));
            case SequenceLayout sequence
            when sequence.elementLayout() instanceof ValueLayout value ->
                new Field.Scalars(name, offset, scalar(value, path), count(sequence, path));
            case SequenceLayout sequence -> {
                MemoryLayout element = sequence.elementLayout();
                yield new Field.Groups(
                        name, offset, count(sequence, path), element.byteSize(), inside(element, path, depth + 1));
            }
            case StructLayout struct ->
                new Field.Group(name, offset, struct.byteSize(), inside(struct, path, depth + 1));
            default -> throw refused(path, "is a union", "use a structure");
        };
    }

    private static int count(SequenceLayout sequence, String path) {
        if (sequence.elementCount() < 1 || sequence.elementCount() > SchemaRules.MOST_SIZE) {
            throw refused(
                    path,
                    "has " + sequence.elementCount() + " elements",
                    "give it 1 to " + SchemaRules.MOST_SIZE + " of them");
        }
        return (int) sequence.elementCount();
    }

    private static ScalarType scalar(ValueLayout value, String path) {
        ScalarType scalar = ScalarType.of(value.carrier());
        if (scalar == null) {
            throw refused(path, "is an address, which means nothing to other processes", "use offsets");
        }
        if (value.order() != ByteOrder.LITTLE_ENDIAN) {
            throw refused(path, "is not little-endian", "use little-endian values");
        }
        return scalar;
    }

    private static RegionException refused(String path, String why, String cure) {
        return new RegionException(
                Reason.INVALID_ARGUMENT, path + " cannot be in shared memory: it " + why + "; " + cure);
    }
}
