package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which descriptor has which name, as a child is told by a variable of its environment:
 *
 * <pre>
 *   bank=3@26:1234,log=4@65025:77
 * </pre>
 *
 * Behind the number stand device and inode of the file, as stat(2) gives them: a process that has the variable of its parent, and not the descriptors,
 * does not take another file for that of the name.
 */
final class Announcement {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private Announcement() {}

    static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    "\"" + name
                            + "\" cannot name a descriptor; give 1 to 64 letters, digits, dots, hyphens or underscores");
        }
        return name;
    }

    /** @param ours by name, the number of the same file in this process; {@code theirs}: in the child */
    static String of(Map<String, Integer> theirs, Map<String, Integer> ours) {
        return theirs.entrySet().stream()
                .map(entry ->
                        entry.getKey() + "=" + entry.getValue() + "@" + identity(ours.getOrDefault(entry.getKey(), -1)))
                .collect(Collectors.joining(","));
    }

    /** The numbers by name, without those that are not open as what they were announced. */
    static Map<String, Integer> read(String announced) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String entry : announced.split(",", -1)) {
            int equals = entry.indexOf('=');
            int at = entry.indexOf('@');
            if (equals > 0 && at > equals) {
                int number = number(entry.substring(equals + 1, at));
                if (number >= 0 && identity(number).equals(entry.substring(at + 1))) {
                    numbers.put(entry.substring(0, equals), number);
                }
            }
        }
        return numbers;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    private static String identity(int descriptor) {
        try {
            Map<String, Object> file = Files.readAttributes(path(descriptor), "unix:dev,ino");
            return file.get("dev") + ":" + file.get("ino");
        } catch (IOException closed) {
            return "closed";
        }
    }

    static Path path(int descriptor) {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }
}
