package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.owner.Surroundings;
import io.mortmain.internal.words.FileCalls;
import io.mortmain.internal.words.LinuxFileCalls;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** The files of regions on this machine: made, opened and removed by {@link RegionNames}, and mapped into this process. */
public final class RegionFile {
    /** Error-checking: the directory's mutex is taken for moments only, and a relock is a defect to hear of. */
    static final int DIRECTORY_MUTEX_KIND =
            GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED | GlibcMutexLayout.KIND_ERROR_CHECKING;

    /** As /proc/PID/maps shows it. */
    private static final String LABEL = "mortmain";

    private static final RegionNames<OpenFile, Mapping> NAMES =
            new RegionNames<>(LinuxFileCalls.INSTANCE, new ProcessMapper());

    private RegionFile() {}

    /**
     * Who may use the file.
     *
     * @param mode permission bits of a new file
     * @param group its group, or empty for the process's own
     * @param foreignOwner whether a file of another user may be opened
     */
    public record Access(int mode, OptionalInt group, boolean foreignOwner) {}

    /**
     * Creates the region and maps it; ALREADY_EXISTS where the name is taken.
     *
     * @param severalPidNamespaces whether its words have owner numbers instead of the kernel's
     */
    public static Mapping create(Path path, RegionGeometry geometry, boolean severalPidNamespaces, Access access) {
        return NAMES.create(path, geometry, severalPidNamespaces, access);
    }

    /** Creates a region in a file without a name and maps it. */
    static Mapping createAnonymous(RegionGeometry geometry, boolean severalPidNamespaces, Access access) {
        try {
            OpenFile file = OpenFile.inMemory(LABEL);
            return NAMES.createIn(file, Path.of(file.path()), geometry, severalPidNamespaces, access);
        } catch (LinuxException failed) {
            throw Failures.of("without a name", failed);
        }
    }

    /** Opens an existing region and maps it. */
    public static Mapping open(Path path, Access access) {
        return NAMES.open(path, access);
    }

    /** Opens, or creates when there is none, by {@code open} and {@code create}; see {@link RegionNames#openOrCreate}. */
    static <R> R openOrCreate(Path path, Supplier<R> open, Supplier<R> create) {
        return NAMES.openOrCreate(path, open, create);
    }

    /** Removes the name of a region; any other file is left alone. */
    public static void delete(Path path) {
        NAMES.remove(path);
    }

    /** Names of the files in the folder that begin like a region and may be read, sorted. */
    public static List<String> list(Path folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path path : files) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && isReadableRegion(path)) {
                    names.add(path.getFileName().toString());
                }
            }
        } catch (IOException | DirectoryIteratorException failed) {
            throw new RegionException(
                    Reason.SYSTEM,
                    "folder " + folder + " cannot be listed (" + failed + "); check its permissions",
                    failed);
        }
        Collections.sort(names);
        return names;
    }

    private static boolean isReadableRegion(Path path) {
        try (OpenFile file = OpenFile.existingReadOnly(path.toString())) {
            return RegionHeader.hasMagic(file.read(RegionHeaderLayout.MAGIC, Long.BYTES));
        } catch (LinuxException vanishedOrForbidden) {
            return false;
        }
    }

    /** Into this process. */
    private static final class ProcessMapper implements RegionNames.Mapper<OpenFile, Mapping> {
        @Override
        public RegionHeader header(RegionGeometry geometry, boolean severalPidNamespaces) {
            return new RegionHeader(
                    geometry, severalPidNamespaces, Surroundings.current(), Instant.now(), Instant.EPOCH);
        }

        @Override
        public Mapping mapNew(OpenFile file, FileCalls.Status status, RegionHeader header, Path path) {
            return Mapping.acquire(file, status, header, path);
        }

        @Override
        public Mapping mapExisting(OpenFile file, FileCalls.Status status, RegionHeader found, Path path) {
            Surroundings here = Surroundings.current();
            RegionHeader header = RebootRecovery.recover(file, found, here);
            header.requireUsableIn(here, path.toString());
            return Mapping.acquire(file, status, header, path);
        }

        @Override
        public void unmap(Mapping mapping) {
            mapping.close(() -> {});
        }
    }
}
