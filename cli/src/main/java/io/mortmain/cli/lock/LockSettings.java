package io.mortmain.cli.lock;

import io.mortmain.RegionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code mortmain lock} was asked for.
 *
 * @param name of the region
 * @param file of the region
 * @param options for creating and opening it
 * @param timeout for all waiting together; null: as long as it takes
 * @param recovery for /bin/sh, run first after a death; null: the command is told only
 * @param command program and arguments
 */
public record LockSettings(
        String name,
        Path file,
        RegionOptions options,
        @Nullable Duration timeout,
        @Nullable String recovery,
        List<String> command) {
    /** Room in a region that is created: the two of the lock, and a few that others may add. */
    public static final int OBJECTS = 16;
}
