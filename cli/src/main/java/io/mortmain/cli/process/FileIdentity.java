package io.mortmain.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A file, by whatever name.
 *
 * @param device as stat(2) has it
 */
public record FileIdentity(long device, long inode) {
    private static final int HEX = 16;

    /** Of the file that the path leads to, following links. */
    public static FileIdentity of(Path path) throws IOException {
        Map<String, Object> status = Files.readAttributes(path, "unix:dev,ino");
        return new FileIdentity(number(status, "dev"), number(status, "ino"));
    }

    private static long number(Map<String, Object> status, String name) {
        return (Long) Objects.requireNonNull(status.get(name), name);
    }

    /** Of a line of proc_pid_maps(5), {@code 7f12-7f34 rw-s 00001000 00:1a 1234 /name}; inode 0 for memory that is no file's. */
    static FileIdentity ofMapping(String line) {
        String[] fields = line.split("\\s+", 6);
        int colon = fields[3].indexOf(':');
        long major = Long.parseLong(fields[3], 0, colon, HEX);
        long minor = Long.parseLong(fields[3], colon + 1, fields[3].length(), HEX);
        return new FileIdentity(device(major, minor), Long.parseUnsignedLong(fields[4]));
    }

    /** As makedev(3) puts the two together. */
    private static long device(long major, long minor) {
        return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
    }
}
