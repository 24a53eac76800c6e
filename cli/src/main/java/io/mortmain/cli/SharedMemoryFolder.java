package io.mortmain.cli;

import io.mortmain.errors.RegionException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The folder of the regions that are given by name. */
final class SharedMemoryFolder {
    private static final Path PATH = Path.of("/dev/shm");

    private SharedMemoryFolder() {}

    static void require() {
        if (!Files.isDirectory(PATH)) {
            throw new IllegalStateException(PATH + " is missing: mount it, for example with 'mkdir -p " + PATH
                    + " && mount -t tmpfs shm " + PATH + "'.");
        }
    }

    /** As the library finds it: a name without a slash is one in the folder. */
    static Path file(String region) {
        try {
            return region.indexOf('/') < 0 ? PATH.resolve(region) : Path.of(region);
        } catch (InvalidPathException impossible) {
            throw new RegionException(
                    RegionException.Reason.INVALID_ARGUMENT, region + " cannot name a region", impossible);
        }
    }
}
