package io.mortmain.internal.record;

import java.util.List;

/**
 * A named place in a record. Offsets are in bytes from the beginning of the record or group that the field is in, and sizes in bytes.
 * Immutable.
 */
public sealed interface Field {
    String name();

    long offset();

    long size();

    /** One primitive. */
    record Scalar(String name, long offset, ScalarType type) implements Field {
        @Override
        public long size() {
            return type.size();
        }
    }

    /** An array of primitives. */
    record Scalars(String name, long offset, ScalarType type, int count) implements Field {
        @Override
        public long size() {
            return (long) type.size() * count;
        }
    }

    /**
     * A string: an int, its length in bytes, then the bytes of UTF-8.
     *
     * @param capacity the most bytes of the text
     */
    record Text(String name, long offset, int capacity) implements Field {
        /** Of the length before the bytes. */
        static final int LENGTH_SIZE = Integer.BYTES;

        @Override
        public long size() {
            return LENGTH_SIZE + (long) capacity;
        }
    }

    /** A record in a record. */
    record Group(String name, long offset, long size, List<Field> fields) implements Field {
        public Group {
            fields = List.copyOf(fields);
        }
    }

    /**
     * An array of records.
     *
     * @param stride the size of each, from the beginning of one to that of the next
     */
    record Groups(String name, long offset, int count, long stride, List<Field> fields) implements Field {
        public Groups {
            fields = List.copyOf(fields);
        }

        @Override
        public long size() {
            return count * stride;
        }
    }
}
