package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.words.FileCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How a region comes to its name, is found by it, and loses it: written over the seam, so that the code that ships is the code that is
 * explored.
 *
 * <p>A region is born whole. It is built in a file without a name (O_TMPFILE), its space reserved and its header and directory mutex
 * written, and then linked to its name in one step: whoever is killed before leaves nothing, and nobody ever sees a part.
 *
 * @param <F> an open file
 * @param <M> a mapped region
 */
public final class RegionNames<F, M> {
    private static final int OPEN_ATTEMPTS = 100;
    private static final int FULL_ATTEMPTS = 20;

    private final FileCalls<F> calls;
    private final Mapper<F, M> mapper;

    /** What a process does with the file of a region beside its name. */
    public interface Mapper<F, M> {
        /** The header of a region that is made here and now. */
        RegionHeader header(RegionGeometry geometry, boolean severalPidNamespaces);

        /** Maps a region that nobody else knows yet. */
        M mapNew(F file, FileCalls.Status status, RegionHeader header, Path path);

        /** Maps a region that is there; refuses it where it cannot be used here. */
        M mapExisting(F file, FileCalls.Status status, RegionHeader header, Path path);

        void unmap(M mapping);
    }

    public RegionNames(FileCalls<F> calls, Mapper<F, M> mapper) {
        this.calls = calls;
        this.mapper = mapper;
    }

    /** Creates the region and maps it; ALREADY_EXISTS where the name is taken. */
    public M create(Path path, RegionGeometry geometry, boolean severalPidNamespaces, RegionFile.Access access) {
        Path folder = path.getParent() == null ? Path.of(".") : path.getParent();
        try {
            return using(
                    calls.nameless(folder.toString()),
                    file -> named(file, write(file, path, geometry, severalPidNamespaces, access), path));
        } catch (LinuxException failed) {
            throw failureOfCreation(path, failed);
        }
    }

    /** As {@link #create}, in a file that has no name and gets none. */
    public M createIn(
            F file, Path path, RegionGeometry geometry, boolean severalPidNamespaces, RegionFile.Access access) {
        try {
            return using(file, empty -> {
                RegionHeader header = write(empty, path, geometry, severalPidNamespaces, access);
                return mapper.mapNew(empty, calls.status(empty), header, path);
            });
        } catch (LinuxException failed) {
            throw Failures.of(path.toString(), failed);
        }
    }

    /** Everything that stands in the file before anybody sees it. */
    private RegionHeader write(
            F file, Path path, RegionGeometry geometry, boolean severalPidNamespaces, RegionFile.Access access) {
        requireLocal(file, path);
        calls.reserve(file, 0, geometry.firstSize());
        // the last page is looked at to see that the file is whole
        if (geometry.firstSize() < geometry.fileSize()) {
            calls.reserve(file, geometry.fileSize() - RegionHeaderLayout.SIZE, RegionHeaderLayout.SIZE);
        }
        calls.write(file, geometry.lockArea() + GlibcMutexLayout.KIND, littleEndian(RegionFile.DIRECTORY_MUTEX_KIND));
        RegionHeader header = mapper.header(geometry, severalPidNamespaces);
        calls.write(file, 0, header.encode());
        if (access.group().isPresent()) {
            calls.setGroup(file, access.group().getAsInt());
        }
        calls.setMode(file, access.mode());
        return header;
    }

    /** Mapped first: a region that its creator cannot use must not be left behind. */
    private M named(F file, RegionHeader header, Path path) {
        M mapping = mapper.mapNew(file, calls.status(file), header, path);
        boolean linked = false;
        try {
            calls.linkTo(file, path.toString());
            linked = true;
            return mapping;
        } finally {
            if (!linked) {
                mapper.unmap(mapping);
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
    public M open(Path path, RegionFile.Access access) {
        try {
            return using(calls.existing(path.toString()), file -> {
                FileCalls.Status status = check(file, path, access);
                byte[] page = calls.read(file, 0, RegionHeaderLayout.SIZE);
                RegionHeader header = RegionHeader.decode(page, status.size(), path.toString());
                return mapper.mapExisting(file, status, header, path);
            });
        } catch (LinuxException failed) {
            throw Failures.of(path.toString(), failed);
        }
    }

    /** Everything about the file itself that must be right before a byte of it is believed. */
    private FileCalls.Status check(F file, Path path, RegionFile.Access access) {
        FileCalls.Status status = calls.status(file);
        if (!status.isRegularFile()) {
            throw new RegionException(
                    Reason.NOT_SECURE,
                    "region " + path + " is refused: it is not a regular file; give the path of a region");
        }
        if (status.userId() != calls.effectiveUserId() && !access.foreignOwner()) {
            throw new RegionException(
                    Reason.NOT_SECURE,
                    "region " + path + " is refused: it belongs to user " + status.userId()
                            + " and this process runs as " + calls.effectiveUserId()
                            + "; allow it with RegionOptions.withForeignOwner() if that user is trusted");
        }
        requireLocal(file, path);
        return status;
    }

    private void requireLocal(F file, Path path) {
        long type = calls.fileSystemType(file);
        if (!FileSystems.isLocal(type)) {
            throw new RegionException(
                    Reason.UNSUPPORTED_FILE_SYSTEM,
                    "region " + path + " is refused: its file system (" + FileSystems.nameOf(type)
                            + ") may be shared with other hosts or kernels, where thread numbers and futexes mean nothing; use /dev/shm");
        }
    }

    /**
     * Opens, or creates when there is none; of many callers at once one creates and all get the same.
     *
     * @param open as {@link #open}, and what else the caller asks for
     * @param create as {@link #create}
     */
    public <R> R openOrCreate(Path path, Supplier<R> open, Supplier<R> create) {
        for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
            try {
                return open.get();
            } catch (RegionException failed) {
                if (failed.reason() != Reason.NOT_FOUND) {
                    throw failed;
                }
            }
            try {
                return create.get();
            } catch (RegionException failed) {
                boolean isFull = failed.reason() == Reason.NO_SPACE && attempt < FULL_ATTEMPTS;
                if (failed.reason() != Reason.ALREADY_EXISTS && !isFull) {
                    throw failed;
                }
                if (isFull) {
                    pauseWhileOthersCreate();
                }
            }
        }
        throw new RegionException(
                Reason.SYSTEM,
                "region " + path + " was created and removed by others " + OPEN_ATTEMPTS
                        + " times while this process tried to open it; let one program remove it");
    }

    /** Each of several creators at once reserves the space of a whole region, until the name is taken; those too many come again. */
    private void pauseWhileOthersCreate() {
        calls.pause();
    }

    /** Removes the name of a region; any other file is left alone. */
    public void remove(Path path) {
        try {
            using(calls.existingReadOnly(path.toString()), file -> {
                if (!calls.status(file).isRegularFile()
                        || !RegionHeader.hasMagic(calls.read(file, RegionHeaderLayout.MAGIC, Long.BYTES))) {
                    throw new RegionException(
                            Reason.NOT_A_REGION,
                            path + " is not a region and was left alone; remove it with rm if it must go");
                }
                calls.unlink(path.toString());
                return path;
            });
        } catch (LinuxException failed) {
            throw Failures.of(path.toString(), failed);
        }
    }

    private <R> R using(F file, Function<F, R> use) {
        try {
            return use.apply(file);
        } finally {
            calls.close(file);
        }
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }
}
