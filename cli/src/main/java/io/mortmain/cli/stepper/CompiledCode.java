package io.mortmain.cli.stepper;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the second compiler's code lies in a victim, by the lines of {@link CodeList}. */
final class CompiledCode {
    private static final Pattern LINE =
            Pattern.compile("\\d+ 4 0 (.*) \\[0x\\p{XDigit}+, 0x(\\p{XDigit}+) - 0x(\\p{XDigit}+)\\]");
    private static final int HEXADECIMAL = 16;

    private record Range(String method, long start, long end) {
        boolean contains(long address) {
            return address >= start && address < end;
        }
    }

    private final List<Range> ranges = new ArrayList<>();

    /** A line that means something else is not code. */
    void add(String line) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            ranges.add(new Range(
                    matcher.group(1),
                    Long.parseUnsignedLong(matcher.group(2), HEXADECIMAL),
                    Long.parseUnsignedLong(matcher.group(3), HEXADECIMAL)));
        }
    }

    boolean contains(long address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** Whether the address lies in code of a method that begins so. */
    boolean contains(long address, String method) {
        return ranges.stream().anyMatch(range -> range.method.startsWith(method) && range.contains(address));
    }
}
