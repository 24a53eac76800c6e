package io.mortmain.internal.owner;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/**
 * Where the thread numbers of this process mean something: this boot of this machine, and this PID namespace. A word of a mutex has
 * only the number, so processes that differ in either must not share one.
 *
 * @param boot /proc/sys/kernel/random/boot_id
 * @param pidNamespace inode of /proc/self/ns/pid
 */
public record Surroundings(UUID boot, long pidNamespace) {
    private static final String BOOT_TIME = "btime ";

    /** When this boot of the machine began, by the clock of now; to the second, rounded down. */
    public static Instant booted() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
                if (line.startsWith(BOOT_TIME)) {
                    return Instant.ofEpochSecond(
                            Long.parseLong(line.substring(BOOT_TIME.length()).strip()));
                }
            }
            return Instant.MIN; // unknown: nothing is older
        } catch (IOException | NumberFormatException unreadable) {
            return Instant.MIN;
        }
    }

    /** Read anew at each call: a process can be moved into another mount namespace, and tests do. */
    public static Surroundings current() {
        try {
            UUID boot = UUID.fromString(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
            long namespace = (long) Files.getAttribute(Path.of("/proc/self/ns/pid"), "unix:ino");
            return new Surroundings(boot, namespace);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new RegionException(
                    Reason.SYSTEM,
                    "boot id or PID namespace cannot be read (" + unreadable.getMessage()
                            + "); mount /proc in this container",
                    unreadable);
        }
    }
}
