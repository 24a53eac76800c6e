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

    /** Wherever it is, aligned or not. */
    Object read(MemorySegment from, long at) {
        return switch (this) {
            case BOOLEAN -> from.get(ValueLayout.JAVA_BYTE, at) != 0;
            case BYTE -> from.get(ValueLayout.JAVA_BYTE, at);
            case SHORT -> from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
            case CHAR -> from.get(ValueLayout.JAVA_CHAR_UNALIGNED, at);
            case INT -> from.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            case LONG -> from.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            case FLOAT -> from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
            case DOUBLE -> from.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
        };
    }

    /** The value is of this type's box. */
    void write(MemorySegment to, long at, Object value) {
        switch (this) {
            case BOOLEAN -> to.set(ValueLayout.JAVA_BYTE, at, (boolean) value ? (byte) 1 : (byte) 0);
            case BYTE -> to.set(ValueLayout.JAVA_BYTE, at, (byte) value);
            case SHORT -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
            case CHAR -> to.set(ValueLayout.JAVA_CHAR_UNALIGNED, at, (char) value);
            case INT -> to.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            case LONG -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, (long) value);
            case FLOAT -> to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
            case DOUBLE -> to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, (double) value);
        }
    }
}
