package io.mortmain.explore.machine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is in a file. Equal contents have one number, since a cell of a state, and an access, have only room for that. Kept until the process
 * ends: they are few, since all programs write the same.
 *
 * @param size of the file
 * @param parts what was written, by where; between them are zeros
 */
record Contents(long size, SortedMap<Long, ByteBuffer> parts) {
    private static final List<Contents> ALL = new ArrayList<>();
    private static final Map<Contents, Integer> NUMBERS = new HashMap<>();
    /** Of a new file. */
    static final int EMPTY = new Contents(0, new TreeMap<>()).number();

    static Contents of(long number) {
        synchronized (ALL) {
            return ALL.get((int) number);
        }
    }

    /** What one call writes. */
    static Contents part(long offset, byte[] bytes) {
        return new Contents(
                offset + bytes.length,
                new TreeMap<>(Map.of(offset, ByteBuffer.wrap(bytes.clone()).asReadOnlyBuffer())));
    }

    int number() {
        synchronized (ALL) {
            Integer known = NUMBERS.putIfAbsent(this, ALL.size());
            if (known != null) {
                return known;
            }
            ALL.add(this);
            return ALL.size() - 1;
        }
    }

    /** With at least this size. */
    Contents reserved(long least) {
        return new Contents(Math.max(size, least), parts);
    }

    /** When what the other has is written, too; each part of a file is written as a whole. */
    Contents written(Contents other) {
        SortedMap<Long, ByteBuffer> all = new TreeMap<>(parts);
        all.putAll(other.parts);
        long end = 0;
        for (Map.Entry<Long, ByteBuffer> part : all.entrySet()) {
            if (part.getKey() < end) {
                throw new AssertionError("written over a part of what is there, which is not simulated");
            }
            end = part.getKey() + part.getValue().limit();
        }
        return new Contents(Math.max(size, other.size), all);
    }

    /** As pread(2): shorter at the end of the file. */
    byte[] read(long offset, int most) {
        byte[] bytes = new byte[Math.clamp(size - offset, 0, most)];
        parts.forEach((at, part) -> {
            long begin = Math.max(at, offset);
            long end = Math.min(at + part.limit(), offset + bytes.length);
            if (begin < end) {
                part.get((int) (begin - at), bytes, (int) (begin - offset), (int) (end - begin));
            }
        });
        return bytes;
    }
}
