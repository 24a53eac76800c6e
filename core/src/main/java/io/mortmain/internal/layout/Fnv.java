package io.mortmain.internal.layout;

import java.nio.charset.StandardCharsets;

/** FNV-1a of 64 bits: a checksum against accident that a C header computes in three lines. */
public final class Fnv {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Fnv() {}

    public static long hash(byte[] bytes, int from, int to) {
        long hash = OFFSET_BASIS;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * PRIME;
        }
        return hash;
    }

    public static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return hash(bytes, 0, bytes.length);
    }
}
