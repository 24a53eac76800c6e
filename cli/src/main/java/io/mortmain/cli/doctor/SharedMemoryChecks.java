package io.mortmain.cli.doctor;

import io.mortmain.Region;
import io.mortmain.cli.process.FileIdentity;
import io.mortmain.cli.process.FileUse;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** /dev/shm: its room, and the regions that nobody uses any more. */
final class SharedMemoryChecks {
    private static final Path FOLDER = Path.of("/dev/shm");
    private static final long KIBIBYTE = 1 << 10;
    private static final long MEBIBYTE = 1 << 20;
    /** From here on, what whole MiB leave out is little. */
    private static final long LARGE = 10 * MEBIBYTE;

    /** A region of the default options, and a little for its objects. */
    private static final long LEAST_FREE = MEBIBYTE;

    private static final int NAMES_SHOWN = 5;

    private SharedMemoryChecks() {}

    static Finding room() {
        try {
            FileStore store = Files.getFileStore(FOLDER);
            long free = store.getUsableSpace();
            String value = store.type() + ", " + size(store.getTotalSpace()) + ", " + size(free) + " free";
            if (!Files.isWritable(FOLDER)) {
                return Finding.failed(
                        "shared memory",
                        value + ", not writable",
                        "make it so, for example with 'mount -o remount,rw,mode=1777 " + FOLDER + "'");
            }
            return free < LEAST_FREE
                    ? Finding.failed(
                            "shared memory",
                            value,
                            "remove files from " + FOLDER
                                    + ", or enlarge it (mount -o remount,size=…; docker run --shm-size)")
                    : Finding.ok("shared memory", value);
        } catch (IOException missing) {
            return Finding.failed(
                    "shared memory",
                    FOLDER + " cannot be used (" + missing + ")",
                    "mount it, for example with 'mkdir -p " + FOLDER + " && mount -t tmpfs shm " + FOLDER + "'");
        }
    }

    private static String size(long bytes) {
        return bytes < LARGE ? bytes / KIBIBYTE + " KiB" : bytes / MEBIBYTE + " MiB";
    }

    /** A region that nobody uses is in order: the next one may come. So this never fails. */
    static Finding leftRegions() {
        Map<String, FileIdentity> regions = new LinkedHashMap<>();
        for (String name : Region.list()) {
            try {
                regions.put(name, FileIdentity.of(FOLDER.resolve(name)));
            } catch (IOException gone) {
                // removed meanwhile
            }
        }
        if (regions.isEmpty()) {
            return Finding.ok("unused regions", "none");
        }
        FileUse use = FileUse.of(Set.copyOf(regions.values()));
        List<String> left = regions.entrySet().stream()
                .filter(region -> use.usersOf(region.getValue()).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        if (left.isEmpty()) {
            return Finding.ok("unused regions", "none");
        }
        boolean known = use.unseen().isEmpty() && left.stream().allMatch(SharedMemoryChecks::isOfThisNamespace);
        String doubt = known ? "" : "may be, as not every process can be looked at: ";
        return new Finding(
                "unused regions",
                Finding.Verdict.OK,
                doubt + names(left),
                "'mortmain rm NAME' removes one that is not needed");
    }

    /** The processes of a region of another PID namespace are not seen from here. */
    private static boolean isOfThisNamespace(String name) {
        try {
            return Region.inspect(name).unusableBecause().isEmpty();
        } catch (RegionException damaged) {
            return true;
        }
    }

    private static String names(List<String> left) {
        String shown = String.join(", ", left.subList(0, Math.min(NAMES_SHOWN, left.size())));
        return left.size() > NAMES_SHOWN ? shown + " and " + (left.size() - NAMES_SHOWN) + " more" : shown;
    }
}
