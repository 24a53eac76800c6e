package io.mortmain.internal.owner;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";
    /** Bytes, with room for the end of the line. */
    private static final int LONGEST_BOOT_ID = 64;

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

    /**
     * Read anew at each call: a process can be moved into another mount namespace, and tests do.
     *
     * @throws LinuxException where there is no descriptor left to read with
     */
    public static Surroundings current() {
        try (OpenFile file = OpenFile.existingReadOnly(BOOT_ID)) {
            String boot = new String(file.read(0, LONGEST_BOOT_ID), StandardCharsets.US_ASCII);
            long namespace = (long) Files.getAttribute(Path.of("/proc/self/ns/pid"), "unix:ino");
            return new Surroundings(UUID.fromString(boot.strip()), namespace);
        } catch (LinuxException failed) {
            if (failed.errno() == Errno.EMFILE || failed.errno() == Errno.ENFILE) {
                throw failed;
            }
            throw unreadable(failed);
        } catch (IOException | IllegalArgumentException failed) {
            throw unreadable(failed);
        }
    }

    private static RegionException unreadable(Exception why) {
        return new RegionException(
                Reason.SYSTEM,
                "boot id or PID namespace cannot be read (" + why.getMessage() + "); mount /proc in this container",
                why);
    }
}
