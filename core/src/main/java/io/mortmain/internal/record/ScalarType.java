package io.mortmain.internal.record;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** The primitive types, in memory as in C: little-endian, aligned to their size; a boolean is a byte, and any but zero is true. */
@SuppressWarnings("ImmutableEnumChecker") // layouts are immutable
public enum ScalarType {
    BOOLEAN(boolean.class, ValueLayout.JAVA_BOOLEAN),
    BYTE(byte.class, ValueLayout.JAVA_BYTE),
    SHORT(short.class, ValueLayout.JAVA_SHORT_UNALIGNED),
    CHAR(char.class, ValueLayout.JAVA_CHAR_UNALIGNED),
    INT(int.class, ValueLayout.JAVA_INT_UNALIGNED),
    LONG(long.class, ValueLayout.JAVA_LONG_UNALIGNED),
    FLOAT(float.class, ValueLayout.JAVA_FLOAT_UNALIGNED),
    DOUBLE(double.class, ValueLayout.JAVA_DOUBLE_UNALIGNED);

    private final Class<?> type;
    private final ValueLayout layout;

    ScalarType(Class<?> type, ValueLayout layout) {
        this.type = type;
        this.layout = layout;
    }

    /** The primitive class. */
    public Class<?> type() {
        return type;
    }

    /** As Java and the schema's text call it. */
    public String text() {
        return type.getName();
    }

    /** Bytes, and so the natural alignment. */
    public int size() {
        return (int) layout.byteSize();
    }

    ValueLayout layout() {
        return layout;
    }

    static @Nullable ScalarType of(Class<?> type) {
        for (ScalarType scalar : values()) {
            if (scalar.type == type) {
                return scalar;
            }
        }
        return null;
    }

    static @Nullable ScalarType named(String text) {
        for (ScalarType scalar : values()) {
            if (scalar.text().equals(text)) {
                return scalar;
            }
        }
        return null;
    }

    Object read(MemorySegment from, long at) {
        return switch (this) {
            case BOOLEAN -> Scalars.booleanAt(at, from);
            case BYTE -> Scalars.byteAt(at, from);
            case SHORT -> Scalars.shortAt(at, from);
            case CHAR -> Scalars.charAt(at, from);
            case INT -> Scalars.intAt(at, from);
            case LONG -> Scalars.longAt(at, from);
            case FLOAT -> Scalars.floatAt(at, from);
            case DOUBLE -> Scalars.doubleAt(at, from);
        };
    }

    /** The value is of this type's box. */
    void write(MemorySegment to, long at, Object value) {
        switch (this) {
            case BOOLEAN -> Scalars.put(at, to, (boolean) value);
            case BYTE -> Scalars.put(at, to, (byte) value);
            case SHORT -> Scalars.put(at, to, (short) value);
            case CHAR -> Scalars.put(at, to, (char) value);
            case INT -> Scalars.put(at, to, (int) value);
            case LONG -> Scalars.put(at, to, (long) value);
            case FLOAT -> Scalars.put(at, to, (float) value);
            case DOUBLE -> Scalars.put(at, to, (double) value);
        }
    }
}
