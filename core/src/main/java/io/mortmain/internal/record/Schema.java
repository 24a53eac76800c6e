package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.Fnv;
import java.lang.foreign.MemoryLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies where in the memory of a guarded object. Its text is in the memory, before the data, so that other programs can read both,
 * and the hash of the text tells whether two programs mean the same. Immutable; equal where the texts are.
 */
public final class Schema {
    /** Bytes of a {@link #text} at most. */
    public static final int MOST_TEXT = SchemaRules.MOST_TEXT;

    private final String name;
    private final long size;
    private final List<Field> fields;
    private final String text;
    private final long hash;

    private Schema(String name, long size, List<Field> fields) {
        this.name = name;
        this.size = size;
        this.fields = List.copyOf(fields);
        text = SchemaText.of(name, size, this.fields);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hash = Fnv.hash(bytes, 0, bytes.length);
    }

    /**
     * Of a record: the C layout of its components in order.
     *
     * @throws RegionException (INVALID_ARGUMENT) where it cannot be laid out: a component of another type than primitives, records, and
     *     arrays or strings with {@code Length}; a record in itself; one of more than 1 MiB
     */
    public static Schema of(Class<? extends Record> type) {
        return SchemaOfRecord.of(type);
    }

    /**
     * Of a structure, sequence or value. A member without name is {@code field} and its number, from 0, paddings not counted. The size is
     * rounded up to a multiple of 8.
     *
     * @throws RegionException (INVALID_ARGUMENT) where it contains addresses, unions, values of the other byte order, or is larger than
     *     1 MiB or aligned to more than 8 bytes
     */
    public static Schema of(String name, MemoryLayout layout) {
        return SchemaOfLayout.of(name, layout);
    }

    /**
     * What {@link #text} said, from any bytes that somebody may have written.
     *
     * @throws RegionException (DAMAGED) where the text is none that {@link #text} gives
     */
    public static Schema parse(String text) {
        return SchemaParser.parse(text);
    }

    /** The schema of these fields; refuses what breaks {@link SchemaRules}. */
    static Schema checked(Reason reason, String name, long size, List<Field> fields) {
        String wrong = SchemaRules.wrong(name, size, fields);
        if (wrong != null) {
            throw new RegionException(reason, wrong);
        }
        Schema schema = new Schema(name, size, fields);
        if (schema.text.getBytes(StandardCharsets.UTF_8).length > SchemaRules.MOST_TEXT) {
            throw new RegionException(
                    reason,
                    "the description of " + name + " has more than " + SchemaRules.MOST_TEXT
                            + " bytes; use arrays, or fewer or shorter names");
        }
        return schema;
    }

    /** Of the record, or as given. */
    public String name() {
        return name;
    }

    /** In bytes: a multiple of 8. */
    public long size() {
        return size;
    }

    /** By ascending offset. */
    public List<Field> fields() {
        return fields;
    }

    /** A line for each field, group and end of a group, each with a line end; UTF-8, at most 65,536 bytes. */
    public String text() {
        return text;
    }

    /** FNV-1a of 64 bits over the text as UTF-8. */
    public long hash() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Schema schema && text.equals(schema.text);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
