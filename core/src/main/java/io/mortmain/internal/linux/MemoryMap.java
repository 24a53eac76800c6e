package io.mortmain.internal.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Which file stands where in the memory of a process, at one moment. See proc_pid_maps(5). */
public final class MemoryMap {
    private record Line(long start, long end, boolean isShared, long offset, String device, long inode) {}

    /** A byte of a file, by whatever name and in whatever process. */
    public record Place(String device, long inode, long offset) {
        public boolean isInFileOf(Place other) {
            return device.equals(other.device) && inode == other.inode;
        }
    }

    private final List<Line> lines = new ArrayList<>();

    private MemoryMap() {}

    /** Of the process that the thread belongs to; empty where it is gone, or may not be looked at. */
    public static Optional<MemoryMap> of(int threadId) {
        MemoryMap map = new MemoryMap();
        try {
            for (String line : Files.readAllLines(
                    Path.of("/proc", Integer.toString(threadId), "maps"), StandardCharsets.ISO_8859_1)) {
                map.add(line);
            }
            return Optional.of(map);
        } catch (IOException hidden) {
            return Optional.empty();
        }
    }

    /** Where in this process the piece begins that has this name, such as [vdso]. */
    static OptionalLong startOf(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.endsWith(" " + name))
                    .mapToLong(line -> Long.parseUnsignedLong(line, 0, line.indexOf('-'), 16))
                    .findFirst();
        } catch (IOException hidden) {
            return OptionalLong.empty();
        }
    }

    /** {@code 7f12-7f34 rw-s 00001000 00:1a 1234 /name}. */
    private void add(String line) {
        String[] fields = line.split("\\s+", 6);
        int dash = fields[0].indexOf('-');
        lines.add(new Line(
                Long.parseUnsignedLong(fields[0], 0, dash, 16),
                Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16),
                fields[1].endsWith("s"),
                Long.parseUnsignedLong(fields[2], 16),
                fields[3],
                Long.parseUnsignedLong(fields[4])));
    }

    /** What stands at the address; empty for memory that is no file's. */
    public Optional<Place> at(long address) {
        return lineOf(address)
                .filter(line -> line.inode != 0)
                .map(line -> new Place(line.device, line.inode, line.offset + (address - line.start)));
    }

    /** What stands at the address, where what others store in the file is seen there too. */
    public Optional<Place> sharedAt(long address) {
        return lineOf(address).filter(Line::isShared).flatMap(_ -> at(address));
    }

    private Optional<Line> lineOf(long address) {
        for (Line line : lines) {
            if (Long.compareUnsigned(address, line.start) >= 0 && Long.compareUnsigned(address, line.end) < 0) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }
}
