package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Takes values out of words and puts them in. The words are private to the caller, {@code schema().size()} bytes of them, and may have any
 * content: somebody else wrote what was copied there. For many threads.
 */
public abstract class Codec<T> {
    /** Each has classes of its own, so they are made once; they live as long as the record's class. */
    private static final ClassValue<Codec<?>> OF_RECORDS = new ClassValue<>() {
        @Override
        protected Codec<?> computeValue(Class<?> type) {
            return RecordCompiler.compile(type);
        }
    };

    private final Schema schema;

    Codec(Schema schema) {
        this.schema = schema;
    }

    /**
     * For a record class, which may be private.
     *
     * @throws RegionException (INVALID_ARGUMENT) where it cannot be laid out ({@link Schema#of(Class)}), or is in a package that its module
     *     does not open to the library
     */
    @SuppressWarnings("unchecked") // computeValue gives one for this very type
    public static <T extends Record> Codec<T> of(Class<T> type) {
        return (Codec<T>) OF_RECORDS.get(type);
    }

    /**
     * For a layout, whose values are its memory: {@link #decode} gives a view of what it is given, {@link #encode} copies it.
     *
     * @throws RegionException (INVALID_ARGUMENT) as {@link Schema#of(String, MemoryLayout)}
     */
    public static Codec<MemorySegment> of(String name, MemoryLayout layout) {
        return new LayoutCodec(Schema.of(name, layout), layout);
    }

    /**
     * For programs that do not have the record's class: the names of the fields, in order, and their values. An array is a list, a record
     * in the record a map, a primitive its box.
     */
    public static Codec<Map<String, Object>> ofFields(Schema schema) {
        return new FieldsCodec(schema);
    }

    public final Schema schema() {
        return schema;
    }

    /**
     * The value that the words have.
     *
     * @throws RegionException (DAMAGED) where a string's length or encoding is wrong. What the constructor of a record throws comes out as
     *     it is
     */
    public abstract T decode(long[] from);

    /**
     * Writes every byte of the words, paddings as zeros. After an exception, part of it is written.
     *
     * @throws RegionException (INVALID_ARGUMENT) for null, a string that is too long, an array of another length. What an accessor of a
     *     record throws comes out as it is
     */
    public abstract void encode(T value, long[] to);
}
