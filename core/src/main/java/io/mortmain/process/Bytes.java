package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Objects;

/** Strings as the kernel takes them: bytes in the encoding of this process, without NUL. */
final class Bytes {
    private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private Bytes() {}

    /** @param what it is, for the message */
    static byte[] of(String text, String what) {
        Objects.requireNonNull(text, what);
        requireWhole(text, what);
        try {
            ByteBuffer bytes = ENCODING.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return requireNoNul(exact, what);
        } catch (CharacterCodingException unknown) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    0,
                    what + " cannot be spelt in the encoding of this process (" + ENCODING
                            + "); start it with a locale of UTF-8 (LANG=C.UTF-8)",
                    unknown);
        }
    }

    private static void requireWhole(String text, String what) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new SpawnException(
                        Reason.INVALID_ARGUMENT,
                        String.format(
                                Locale.ROOT,
                                "%s has half a character (U+%04X) at index %d, which no encoding has; leave it out",
                                what,
                                point,
                                i));
            }
        }
    }

    static byte[] requireNoNul(byte[] bytes, String what) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw new SpawnException(
                        Reason.INVALID_ARGUMENT,
                        what + " has a NUL at byte " + i + ", where it would end for the program; leave it out");
            }
        }
        return bytes;
    }

    /** For messages. */
    static String text(byte[] bytes) {
        return new String(bytes, ENCODING);
    }
}
