package io.mortmain.cli.lock;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/** The arguments of this process byte for byte: the JDK decodes them by the locale, and not every byte comes back. */
final class OriginalArguments {
    private static final Charset LOCALE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final List<byte[]> all = new ArrayList<>();

    private OriginalArguments() {}

    static OriginalArguments read() throws IOException {
        OriginalArguments arguments = new OriginalArguments();
        // a stream, since a channel would be closed by an interrupt
        try (InputStream file = new FileInputStream("/proc/self/cmdline")) {
            // each ends with a NUL
            String[] parts = new String(file.readAllBytes(), ISO_8859_1).split("\0", -1);
            for (int i = 0; i < parts.length - 1; i++) {
                arguments.all.add(parts[i].getBytes(ISO_8859_1));
            }
        }
        return arguments;
    }

    /** The bytes of the last arguments, which were decoded to {@code decoded}. */
    List<byte[]> last(List<String> decoded) {
        List<byte[]> bytes = new ArrayList<>();
        int first = all.size() - decoded.size();
        for (int i = 0; i < decoded.size(); i++) {
            bytes.add(first < 0 ? encode(decoded.get(i)) : originalOr(all.get(first + i), decoded.get(i)));
        }
        return bytes;
    }

    /** The bytes of an option's value, given as an argument of its own or behind {@code option=}. */
    byte[] value(String option, String decoded) {
        String prefix = option + "=";
        for (byte[] argument : all) {
            String text = new String(argument, LOCALE);
            if (text.equals(decoded)) {
                return argument.clone();
            }
            if (text.equals(prefix + decoded)) {
                return new String(argument, ISO_8859_1)
                        .substring(prefix.length())
                        .getBytes(ISO_8859_1);
            }
        }
        return encode(decoded);
    }

    private static byte[] originalOr(byte[] original, String decoded) {
        return new String(original, LOCALE).equals(decoded) ? original : encode(decoded);
    }

    private static byte[] encode(String text) {
        return text.getBytes(LOCALE);
    }
}
