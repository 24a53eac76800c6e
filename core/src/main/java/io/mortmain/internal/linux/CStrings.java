package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Strings of bytes, each ended by a NUL, as C has them. */
final class CStrings {
    private CStrings() {}

    static MemorySegment of(byte[] bytes, Arena arena) {
        MemorySegment string = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, string, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return string;
    }

    /** As argv and environ: the addresses, then a null, and behind them the bytes, in one piece. */
    static MemorySegment vector(List<byte[]> strings, Arena arena) {
        long addresses = (strings.size() + 1L) * Long.BYTES;
        long bytes = 0;
        for (byte[] string : strings) {
            bytes += string.length + 1L;
        }
        MemorySegment vector = arena.allocate(addresses + bytes, Long.BYTES);
        long at = addresses;
        for (int i = 0; i < strings.size(); i++) {
            byte[] string = strings.get(i);
            MemorySegment.copy(string, 0, vector, ValueLayout.JAVA_BYTE, at, string.length);
            vector.setAtIndex(Native.POINTER, i, vector.address() + at);
            at += string.length + 1L;
        }
        return vector;
    }
}
