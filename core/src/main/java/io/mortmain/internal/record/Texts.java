package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings at a place: an int, the length in bytes, then UTF-8. Nothing is cut or replaced: what would be is refused. */
final class Texts {
    private Texts() {}

    static String textAt(String path, long at, int capacity, long[] words, long base) {
        return textAt(path, base + at, capacity, MemorySegment.ofArray(words));
    }

    static void put(String path, long at, int capacity, long[] words, long base, String value) {
        put(path, base + at, capacity, MemorySegment.ofArray(words), value);
    }

    static String textAt(String path, long at, int capacity, MemorySegment from) {
        int length = from.get(ValueLayout.JAVA_INT_UNALIGNED, at);
        if (length < 0 || length > capacity) {
            throw new RegionException(
                    Reason.DAMAGED,
                    path + " says that it has " + length + " bytes, and has room for " + capacity
                            + "; some program wrote over it");
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at + Field.Text.LENGTH_SIZE, bytes, 0, length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new RegionException(
                    Reason.DAMAGED, path + " is not UTF-8; some program wrote another encoding, or over it", malformed);
        }
    }

    static void put(String path, long at, int capacity, MemorySegment to, String value) {
        if (!isWellFormed(value)) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    path + " cannot be a string with half a surrogate pair: UTF-8 has none; repair the string");
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > capacity) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    path + " cannot have " + bytes.length + " bytes of UTF-8; give at most " + capacity);
        }
        to.set(ValueLayout.JAVA_INT_UNALIGNED, at, bytes.length);
        long begin = at + Field.Text.LENGTH_SIZE;
        MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, begin, bytes.length);
        to.asSlice(begin + bytes.length, capacity - bytes.length).fill((byte) 0);
    }

    /** Whether UTF-8 can say it. */
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
