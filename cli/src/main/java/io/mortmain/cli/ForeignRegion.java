package io.mortmain.cli;

import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RegionSnapshot;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Regions for commands, with the refusal of one of another user in the words of the command line: its cure is not that of a program. */
final class ForeignRegion {
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    private ForeignRegion() {}

    /** @param foreign whether it may belong to another user */
    static Region open(String region, boolean foreign) {
        try {
            return Region.open(region, foreign ? RegionOptions.DEFAULT.withForeignOwner() : RegionOptions.DEFAULT);
        } catch (RegionException refusal) {
            throw explain(region, refusal);
        }
    }

    /** What is in it. */
    static RegionSnapshot inspect(String region) {
        try {
            return Region.inspect(region);
        } catch (RegionException refusal) {
            throw explain(region, refusal);
        }
    }

    /** The exception itself, unless the region was refused and belongs to another user. */
    static RuntimeException explain(String region, RegionException refusal) {
        if (refusal.reason() != RegionException.Reason.NOT_SECURE
                && refusal.reason() != RegionException.Reason.NO_PERMISSION) {
            return refusal;
        }
        try {
            Path file = SharedMemoryFolder.file(region);
            int owner = userOf(file);
            return owner == userOf(THIS_PROCESS) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? refusal
                    : new IllegalStateException(
                            "region " + file + " belongs to user " + owner + cure(refusal), refusal);
        } catch (IOException | RegionException unknown) {
            return refusal;
        }
    }

    private static String cure(RegionException refusal) {
        return refusal.reason() == RegionException.Reason.NO_PERMISSION
                ? ", who does not let this one use it; run it as that user"
                : "; run it as that user, or with --foreign, where the command has it, if you trust that user";
    }

    private static int userOf(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid");
    }
}
