package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.owner.Surroundings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/**
 * The file of a region: how it comes to be, and what is looked at before it is mapped.
 *
 * <p>A region is born whole. It is built in a file without a name (O_TMPFILE), its space reserved and its header and directory mutex
 * written, and then linked to its name in one step: whoever is killed before leaves nothing, and nobody ever sees a part.
 */
public final class RegionFile {
    /** Error-checking: the directory's mutex is taken for moments only, and a relock is a defect to hear of. */
    static final int DIRECTORY_MUTEX_KIND =
            GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED | GlibcMutexLayout.KIND_ERROR_CHECKING;

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
        Path folder = path.getParent() == null ? Path.of(".") : path.getParent();
        try (OpenFile file = OpenFile.nameless(folder.toString())) {
            requireLocal(file, path);
            file.reserve(geometry.fileSize());
            file.write(geometry.lockArea() + GlibcMutexLayout.KIND, littleEndian(DIRECTORY_MUTEX_KIND));
            RegionHeader header = new RegionHeader(
                    geometry, severalPidNamespaces, Surroundings.current(), Instant.now(), Instant.EPOCH);
            file.write(0, header.encode());
            if (access.group().isPresent()) {
                file.setGroup(access.group().getAsInt());
            }
            file.setMode(access.mode());
            return named(file, header, path);
        } catch (LinuxException failed) {
            throw failureOfCreation(path, failed);
        }
    }

    /** Mapped first: a region that its creator cannot use must not be left behind. */
    private static Mapping named(OpenFile file, RegionHeader header, Path path) {
        Mapping mapping = Mapping.acquire(file, file.status(), header, path);
        boolean linked = false;
        try {
            file.linkTo(path.toString());
            linked = true;
            return mapping;
        } finally {
            if (!linked) {
                mapping.close(() -> {});
            }
        }
    }

    private static RegionException failureOfCreation(Path path, LinuxException failed) {
        if (failed.errno() == Errno.EISDIR) { // what kernels answer whose file system has no O_TMPFILE
            return new RegionException(
                    Reason.UNSUPPORTED_FILE_SYSTEM,
                    "region " + path
                            + ": the file system cannot make a file without a name (O_TMPFILE); use /dev/shm, ext4, xfs or btrfs",
                    failed);
        }
        return Failures.of(path.toString(), failed);
    }

    /** Opens an existing region and maps it. */
    public static Mapping open(Path path, Access access) {
        try (OpenFile file = OpenFile.existing(path.toString())) {
            OpenFile.Status status = check(file, path, access);
            RegionHeader header = RegionHeader.read(file, status.size());
            Surroundings here = Surroundings.current();
            header = RebootRecovery.recover(file, header, here);
            header.requireUsableIn(here, path.toString());
            return Mapping.acquire(file, status, header, path);
        } catch (LinuxException failed) {
            throw Failures.of(path.toString(), failed);
        }
    }

    /** Removes the name of a region; any other file is left alone. */
    public static void delete(Path path) {
        try (OpenFile file = OpenFile.existingReadOnly(path.toString())) {
            if (!file.status().isRegularFile() || !RegionHeader.hasMagic(file)) {
                throw new RegionException(
                        Reason.NOT_A_REGION,
                        path + " is not a region and was left alone; remove it with rm if it must go");
            }
            OpenFile.unlink(path.toString());
        } catch (LinuxException failed) {
            throw Failures.of(path.toString(), failed);
        }
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
            return RegionHeader.hasMagic(file);
        } catch (LinuxException vanishedOrForbidden) {
            return false;
        }
    }

    /** Everything about the file itself that must be right before a byte of it is believed. */
    static OpenFile.Status check(OpenFile file, Path path, Access access) {
        OpenFile.Status status = file.status();
        if (!status.isRegularFile()) {
            throw new RegionException(
                    Reason.NOT_SECURE,
                    "region " + path + " is refused: it is not a regular file; give the path of a region");
        }
        if (status.userId() != OpenFile.effectiveUserId() && !access.foreignOwner()) {
            throw new RegionException(
                    Reason.NOT_SECURE,
                    "region " + path + " is refused: it belongs to user " + status.userId()
                            + " and this process runs as " + OpenFile.effectiveUserId()
                            + "; allow it with RegionOptions.withForeignOwner() if that user is trusted");
        }
        requireLocal(file, path);
        return status;
    }

    private static void requireLocal(OpenFile file, Path path) {
        long type = file.fileSystemType();
        if (!FileSystems.isLocal(type)) {
            throw new RegionException(
                    Reason.UNSUPPORTED_FILE_SYSTEM,
                    "region " + path + " is refused: its file system (" + FileSystems.nameOf(type)
                            + ") may be shared with other hosts or kernels, where thread numbers and futexes mean nothing; use /dev/shm");
        }
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }
}
