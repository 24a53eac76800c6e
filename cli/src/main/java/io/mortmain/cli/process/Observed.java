package io.mortmain.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process, for messages.
 *
 * @param name of its program, up to 15 bytes; empty where it is hidden
 */
public record Observed(int pid, String name) {
    static Observed of(int pid) {
        try {
            Path file = Path.of("/proc", Integer.toString(pid), "comm");
            return new Observed(
                    pid, Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        } catch (IOException hidden) {
            return new Observed(pid, "");
        }
    }

    @Override
    public String toString() {
        return "process " + pid + (name.isEmpty() ? "" : " (" + name + ")");
    }
}
