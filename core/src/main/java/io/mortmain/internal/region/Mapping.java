package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.StatePageLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.OwnMemory;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.KernelLockers;
import io.mortmain.internal.lock.Latecomers;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.Lockers;
import io.mortmain.internal.lock.RecordLockers;
import io.mortmain.internal.words.FileCalls;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A region's file as mapped into this process: once, however often it is opened, because the kernel and C code know a mutex by its
 * address and one at two addresses corrupts the robust list.
 *
 * <pre>
 *   file     | header, state, directory | lock area                  | owner records, data           |
 *   mapped   | front: wherever          | a range of LockAreas       | back: wherever                |
 *   at close | unmapped                 | replaced by private pages  | unmapped                      |
 * </pre>
 */
public final class Mapping {
    private static final int ATTEMPTS_WITHOUT_MEMORY = 100;
    private static final long PAUSE_WITHOUT_MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Map<FileId, Mapping> OPEN = new HashMap<>();

    private record FileId(long device, long inode) {}

    private final FileId id;
    private final Path path;
    private final RegionGeometry geometry;
    private final long front;
    private final long lockArea;
    private final long back;
    private final Lockers lockers;
    private final boolean severalPidNamespaces;
    private final LaterSpace laterSpace;
    private final @Nullable NamelessFile nameless;
    private int handles;

    private Mapping(
            FileId id,
            Path path,
            RegionHeader header,
            long front,
            long lockArea,
            long back,
            Lockers lockers,
            LaterSpace laterSpace,
            @Nullable NamelessFile nameless) {
        this.id = id;
        this.path = path;
        this.geometry = header.geometry();
        this.severalPidNamespaces = header.severalPidNamespaces();
        this.front = front;
        this.lockArea = lockArea;
        this.back = back;
        this.lockers = lockers;
        this.laterSpace = laterSpace;
        this.nameless = nameless;
    }

    /** This process's mapping of the file; the caller calls {@link #close} once for each success. */
    static Mapping acquire(OpenFile file, FileCalls.Status status, RegionHeader header, Path path) {
        synchronized (OPEN) {
            FileId id = new FileId(status.device(), status.inode());
            Mapping mapping = OPEN.get(id);
            if (mapping == null) {
                mapping = map(file, id, header, path);
                OPEN.put(id, mapping);
            }
            mapping.handles++;
            return mapping;
        }
    }

    private static Mapping map(OpenFile file, FileId id, RegionHeader header, Path path) {
        RegionGeometry geometry = header.geometry();
        long front = 0;
        long lockArea = 0;
        long back = 0;
        @Nullable Lockers lockers = null;
        LaterSpace laterSpace = LaterSpace.of(file, geometry);
        @Nullable NamelessFile nameless = null;
        try {
            nameless = OpenFile.isDescriptor(path.toString()) ? NamelessFile.of(file) : null;
            front = AddressSpace.mapShared(file.descriptor(), 0, geometry.lockArea(), file.path());
            requireShared(file, front);
            lockArea = LockAreas.map(file, geometry.lockArea(), geometry.lockAreaSize());
            back = AddressSpace.mapShared(file.descriptor(), geometry.ownerArea(), backSize(geometry), file.path());
            lockers = header.severalPidNamespaces()
                    ? RecordLockers.attach(file, geometry.ownerArea(), new HeldSlots(lockArea, geometry))
                    : KernelLockers.attach(lockArea, geometry.lockAreaSize(), file, geometry.lockArea());
            Path name = nameless == null ? path : Path.of(nameless.path());
            return new Mapping(id, name, header, front, lockArea, back, lockers, laterSpace, nameless);
        } catch (InternalError fault) {
            throw new RegionException(
                    Reason.DAMAGED,
                    "region " + path + " was truncated while it was opened; remove it and create it anew",
                    fault);
        } finally {
            if (lockers == null) {
                laterSpace.close();
                closeNameless(nameless);
                unmapParts(geometry, front, lockArea, back);
            }
        }
    }

    private static void closeNameless(@Nullable NamelessFile file) {
        if (file != null) {
            file.close();
        }
    }

    private static void unmapParts(RegionGeometry geometry, long front, long lockArea, long back) {
        if (front != 0) {
            AddressSpace.unmap(front, geometry.lockArea());
        }
        if (lockArea != 0) {
            LockAreas.replace(lockArea, geometry.lockAreaSize());
            LockAreas.release(lockArea, geometry.lockAreaSize(), Latecomers.NONE);
        }
        if (back != 0) {
            AddressSpace.unmap(back, backSize(geometry));
        }
    }

    /**
     * Stores through the mapping and reads through the descriptor: where the two differ the mapping is private or the file system
     * keeps no one copy, and a lock would exclude nobody.
     */
    static void requireShared(OpenFile file, long front) {
        MappedWords words = MappedWords.INSTANCE;
        long address = front + RegionGeometry.STATE_PAGE + StatePageLayout.OPENERS;
        int mine;
        do {
            mine = words.getIntVolatile(address);
        } while (!words.compareAndSetInt(address, mine, mine + 1));
        byte[] seen = file.read(RegionGeometry.STATE_PAGE + StatePageLayout.OPENERS, Integer.BYTES);
        if (seen.length != Integer.BYTES
                || ByteBuffer.wrap(seen).order(ByteOrder.LITTLE_ENDIAN).getInt() - (mine + 1) < 0) {
            throw new RegionException(
                    Reason.UNSUPPORTED_FILE_SYSTEM,
                    "region " + file.path()
                            + " is refused: it is mapped privately, what is stored in memory does not reach the file,"
                            + " so its locks would exclude nobody; map it MAP_SHARED, on /dev/shm");
        }
    }

    public Path path() {
        return path;
    }

    /** The file once more, for the caller to close; by that name, if it has one, and then only if that is still its own. */
    OpenFile openFile(Path name) {
        synchronized (OPEN) {
            if (handles == 0) {
                throw Failures.closed(name);
            }
            try {
                return nameless == null ? openByName(name) : nameless.again();
            } catch (LinuxException failed) {
                throw Failures.of(name.toString(), failed);
            }
        }
    }

    private OpenFile openByName(Path name) {
        OpenFile file = OpenFile.existing(name.toString());
        OpenFile.Status status = file.status();
        if (!id.equals(new FileId(status.device(), status.inode()))) {
            file.close();
            throw new RegionException(
                    Reason.NOT_FOUND,
                    "region " + name + " was removed since it was opened, and its name is another's;"
                            + " hand it over before, or create it without a name");
        }
        return file;
    }

    /** Who locks in the region. */
    public Lockers lockers() {
        return lockers;
    }

    /** Whether it was created for several PID namespaces. */
    boolean severalPidNamespaces() {
        return severalPidNamespaces;
    }

    public RegionGeometry geometry() {
        return geometry;
    }

    /** Address of the mutex in slot {@code index} of the lock area. */
    public long mutex(int index) {
        assert index >= 0 && index <= geometry.maxObjects() : index;
        return lockArea + (long) index * MutexSlotLayout.SIZE + MutexSlotLayout.MUTEX;
    }

    /** Offset in the file of a mutex at the address. */
    public long offsetOf(long mutex) {
        return geometry.lockArea() + mutex - lockArea;
    }

    /** The directory, as bytes that go with the arena. */
    MemorySegment directory(Arena arena) {
        long size = geometry.lockArea() - RegionGeometry.DIRECTORY;
        return AddressSpace.view(front + RegionGeometry.DIRECTORY, size, arena);
    }

    /** The page of what is not the header's and changes, as bytes that go with the arena. */
    MemorySegment statePage(Arena arena) {
        return AddressSpace.view(front + RegionGeometry.STATE_PAGE, StatePageLayout.SIZE, arena);
    }

    /** The data area, as bytes that go with the arena. */
    MemorySegment data(Arena arena) {
        return AddressSpace.view(back + geometry.data() - geometry.ownerArea(), geometry.dataSize(), arena);
    }

    /** Space for what is reserved after the region was made. */
    LaterSpace laterSpace() {
        return laterSpace;
    }

    /**
     * What keeps this process from closing: a mutex of the region that one of its threads holds, or waits for or hands over behind the
     * gate; as a clause with the cure, or empty. The gate is closing.
     *
     * @param objectOfSlot the object whose mutex is in the slot, and the cure, as the end of a sentence
     */
    /*
     * In this order: after the first look nobody can come to wait or take any more, since the gate is closing. After the words were
     * looked at, nobody holds, and whoever released shortly before had announced himself before his word was free. After the second
     * look, he has also woken whom he had to wake; at another address than the one that is about to be replaced he would wake nobody.
     */
    Optional<String> useWithin(Gate gate, IntFunction<String> objectOfSlot) {
        return threadInside(gate, objectOfSlot)
                .or(() -> new HeldSlots(lockArea, geometry).firstOf((slot, holder) -> {
                    String name = lockers.nameOf(holder);
                    return name.isEmpty() ? "" : name + " holds " + objectOfSlot.apply(slot);
                }))
                .or(() -> threadInside(gate, objectOfSlot));
    }

    private Optional<String> threadInside(Gate gate, IntFunction<String> objectOfSlot) {
        LockThread inside = lockers.inside(gate);
        if (inside == null) {
            return Optional.empty();
        }
        long mutex = inside.mutexInside(gate);
        return Optional.of(inside.name() + " waits for or releases "
                + (mutex == 0
                        ? "a mutex; release it first"
                        : objectOfSlot.apply((int) ((mutex - lockArea) / MutexSlotLayout.SIZE))));
    }

    /** Whether the file is as long as it was, or the mapping is gone: its last bytes can be read. */
    boolean isWhole() {
        long last = back + backSize(geometry) - Long.BYTES;
        return OwnMemory.copy(last, Long.BYTES).length == Long.BYTES;
    }

    /**
     * Ends one handle's use; the last one unmaps. Nobody in this process holds or waits behind the handle's gate, which is closing: but
     * a thread may have been stopped between its first look at the gate and its compare-and-set. If that lands on the file's pages
     * after they were looked at and before they are replaced, the closer gives the word back for it, through a second mapping; later,
     * it lands on private pages.
     *
     * @param endAccess ends all access to the handle's segments, or throws; then nothing was changed
     * @throws LinuxException where the kernel has no room for the second mapping; then nothing was changed
     */
    void close(Runnable endAccess) {
        synchronized (OPEN) {
            if (handles > 1) {
                endAccess.run();
                handles--;
            } else {
                unmap(endAccess);
            }
        }
    }

    private void unmap(Runnable endAccess) {
        long size = geometry.lockAreaSize();
        Latecomers latecomers = lockers.latecomers(); // before the lockers forget them
        long same = AddressSpace.duplicateShared(lockArea, size);
        boolean isReplaced = false;
        Runnable[] rest;
        try {
            rest = new Runnable[] { // in this order
                () -> giveBackLateWords(same),
                () -> lockers.close(new HeldSlots(same, geometry)),
                () -> AddressSpace.unmap(same, size),
                () -> LockAreas.release(lockArea, size, latecomers),
                () -> AddressSpace.unmap(front, geometry.lockArea()),
                () -> AddressSpace.unmap(back, backSize(geometry)),
                laterSpace::close,
                () -> closeNameless(nameless),
            };
            endAccess.run();
            LockAreas.replace(lockArea, size);
            isReplaced = true;
        } finally {
            if (!isReplaced) {
                AddressSpace.unmap(same, size);
            }
        }
        handles = 0;
        OPEN.remove(id);
        for (Runnable step : rest) {
            finish(step);
        }
    }

    /**
     * What is left to be done once there is no way back: it is tried for about a second where there is no memory, and then left, rather
     * than have a handle that can be neither used nor closed.
     */
    private static void finish(Runnable step) {
        for (int attempt = 0; attempt < ATTEMPTS_WITHOUT_MEMORY; attempt++) {
            try {
                step.run();
                return;
            } catch (OutOfMemoryError full) {
                pause();
            } catch (RuntimeException | VirtualMachineError failed) { // the kernel refused, or the file was truncated
                return;
            }
        }
    }

    private static void pause() {
        try {
            LockSupport.parkNanos(PAUSE_WITHOUT_MEMORY_NANOS);
        } catch (OutOfMemoryError full) {
            Thread.onSpinWait();
        }
    }

    /**
     * A late word has the number of a thread that is taking the mutex at its old address, and stays there until the gate is closed.
     * Any other word of this process's belongs to C code that mapped the file by itself, and is a hold.
     */
    private void giveBackLateWords(long lockPages) {
        Optional<String> nothing = new HeldSlots(lockPages, geometry).firstOf((slot, holder) -> {
            if (lockers.isTaking(holder, mutex(slot))) {
                long word = lockPages + mutex(slot) - lockArea + GlibcMutexLayout.LOCK;
                if ((MappedWords.INSTANCE.getAndSetInt(word, 0) & GlibcMutexLayout.WAITERS) != 0) {
                    LinuxKernel.INSTANCE.wake(word, 1);
                }
            }
            return "";
        });
        assert nothing.isEmpty();
    }

    private static long backSize(RegionGeometry geometry) {
        return geometry.fileSize() - geometry.ownerArea();
    }
}
