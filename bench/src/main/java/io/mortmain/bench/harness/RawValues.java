package io.mortmain.bench.harness;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured, where and by which command; and the file that keeps it, as JSON. */
final class RawValues {
    private final Path file;
    private final Map<String, Object> all = new LinkedHashMap<>();

    private RawValues(Path file) {
        this.file = file;
    }

    /**
     * Begins with command and machine, which it prints, too.
     *
     * @throws BenchException when the file cannot be written: rather now than after minutes of measuring
     */
    static RawValues begin(String command, Path file, PrintWriter out) {
        requireWritable(file);
        Map<String, Object> machine = Machine.describe();
        RawValues raw = new RawValues(file);
        raw.put("command", command);
        raw.put("machine", machine);
        out.println("command: " + command);
        out.println("machine: " + Machine.oneLine(machine));
        return raw;
    }

    private static void requireWritable(Path file) {
        Path absolute = file.toAbsolutePath();
        boolean writable = Files.exists(absolute)
                ? Files.isWritable(absolute) && !Files.isDirectory(absolute)
                : Files.isWritable(absolute.getParent());
        if (!writable) {
            throw new BenchException(unwritable(file));
        }
    }

    void put(String name, Object value) {
        all.put(name, value);
    }

    /** In whole or not at all: half of a file that was not there before is removed. */
    void write() {
        boolean isNew = Files.notExists(file);
        try {
            Files.writeString(file, Json.of(all) + "\n");
        } catch (IOException failed) {
            if (isNew && file.toFile().delete()) {
                throw new BenchException(unwritable(file) + "; nothing is left of it", failed);
            }
            throw new BenchException(unwritable(file), failed);
        }
    }

    private static String unwritable(Path file) {
        return file + " cannot be written; give another one by --out";
    }
}
