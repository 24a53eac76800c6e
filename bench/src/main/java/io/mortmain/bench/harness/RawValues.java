package io.mortmain.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The file that keeps what was measured, as JSON. */
final class RawValues {
    private RawValues() {}

    /** Rather before minutes of measuring. */
    static void requireWritable(Path file) {
        Path absolute = file.toAbsolutePath();
        boolean writable = Files.exists(absolute)
                ? Files.isWritable(absolute) && !Files.isDirectory(absolute)
                : Files.isWritable(absolute.getParent());
        if (!writable) {
            throw new BenchException(unwritable(file));
        }
    }

    /** In whole or not at all: half of a file that was not there before is removed. */
    static void write(Path file, Map<String, Object> raw) {
        boolean isNew = Files.notExists(file);
        try {
            Files.writeString(file, Json.of(raw) + "\n");
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
