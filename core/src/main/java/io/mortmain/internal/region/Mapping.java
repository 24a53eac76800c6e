package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.LockThreads;
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
import java.util.function.IntFunction;

/**
 * A region's file as mapped into this process: once, however often it is opened, because the kernel and C code know a mutex by its
 * address and one at two addresses corrupts the robust list.
 *
 * <pre>
 *   file     | header, state, directory | lock area                  | owner records, journals, data |
 *   mapped   | front: wherever          | a range of LockAreas       | back: wherever                |
 *   at close | unmapped                 | replaced by private pages  | unmapped                      |
 * </pre>
 */
public final class Mapping {
    private static final Map<FileId, Mapping> OPEN = new HashMap<>();

    private record FileId(long device, long inode) {}

    private final FileId id;
    private final Path path;
    private final RegionGeometry geometry;
    private final long front;
    private final long lockArea;
    private final long back;
    private int handles;

    private Mapping(FileId id, Path path, RegionGeometry geometry, long front, long lockArea, long back) {
        this.id = id;
        this.path = path;
        this.geometry = geometry;
        this.front = front;
        this.lockArea = lockArea;
        this.back = back;
    }

    /** This process's mapping of the file; the caller calls {@link #close} once for each success. */
    static Mapping acquire(OpenFile file, OpenFile.Status status, RegionGeometry geometry, Path path) {
        synchronized (OPEN) {
            FileId id = new FileId(status.device(), status.inode());
            Mapping mapping = OPEN.get(id);
            if (mapping == null) {
                mapping = map(file, id, geometry, path);
                OPEN.put(id, mapping);
            }
            mapping.handles++;
            return mapping;
        }
    }

    private static Mapping map(OpenFile file, FileId id, RegionGeometry geometry, Path path) {
        long front = 0;
        long lockArea = 0;
        long back = 0;
        try {
            front = AddressSpace.mapShared(file.descriptor(), 0, geometry.lockArea(), file.path());
            requireShared(file, front);
            lockArea = LockAreas.map(file, geometry.lockArea(), geometry.lockAreaSize());
            back = AddressSpace.mapShared(file.descriptor(), geometry.ownerArea(), backSize(geometry), file.path());
            return new Mapping(id, path, geometry, front, lockArea, back);
        } finally {
            if (back == 0) {
                unmapParts(geometry, front, lockArea);
            }
        }
    }

    private static void unmapParts(RegionGeometry geometry, long front, long lockArea) {
        if (front != 0) {
            AddressSpace.unmap(front, geometry.lockArea());
        }
        if (lockArea != 0) {
            LockAreas.replace(lockArea, geometry.lockAreaSize());
            LockAreas.release(lockArea, geometry.lockAreaSize());
        }
    }

    /**
     * Stores through the mapping and reads through the descriptor: where the two differ the mapping is private or the file system
     * keeps no one copy, and a lock would exclude nobody.
     */
    static void requireShared(OpenFile file, long front) {
        MappedWords words = MappedWords.INSTANCE;
        long address = front + RegionGeometry.STATE_PAGE;
        int mine;
        do {
            mine = words.getIntVolatile(address);
        } while (!words.compareAndSetInt(address, mine, mine + 1));
        byte[] seen = file.read(RegionGeometry.STATE_PAGE, Integer.BYTES);
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

    /** The data area, as bytes that go with the arena. */
    MemorySegment data(Arena arena) {
        return AddressSpace.view(back + geometry.data() - geometry.ownerArea(), geometry.dataSize(), arena);
    }

    /**
     * What keeps this process from closing: a mutex of the region that one of its threads holds, or waits for or hands over behind the
     * gate; as a clause, or empty. The gate is closing.
     */
    public Optional<String> useWithin(Gate gate, IntFunction<String> nameOfSlot) {
        LockThread inside = LockThreads.inside(gate);
        if (inside != null) {
            long mutex = inside.mutexInside(gate);
            return Optional.of("thread \"" + inside.thread().getName() + "\" waits for mutex "
                    + (mutex == 0 ? "(unknown)" : nameOfSlot.apply((int) ((mutex - lockArea) / MutexSlotLayout.SIZE))));
        }
        for (int slot = 0; slot <= geometry.maxObjects(); slot++) {
            int holder = holder(mutex(slot));
            String name = holder == 0 ? "" : LockThreads.nameOf(holder);
            if (!name.isEmpty()) {
                return Optional.of(name + " holds mutex " + nameOfSlot.apply(slot));
            }
        }
        return Optional.empty();
    }

    /**
     * Ends one handle's use; the last one unmaps. Nobody in this process holds or waits behind the handle's gate, which is closed; but
     * a thread may have been stopped between its first look at the gate and its compare-and-set. If that lands on the file's pages
     * after they were looked at and before they are replaced, the closer gives the word back for it, through a second mapping; later,
     * it lands on private pages.
     */
    public void close() {
        synchronized (OPEN) {
            handles--;
            if (handles > 0) {
                return;
            }
            OPEN.remove(id);
            long size = geometry.lockAreaSize();
            long same = AddressSpace.duplicateShared(lockArea, size);
            LockAreas.replace(lockArea, size);
            giveBackLateWords(same);
            AddressSpace.unmap(same, size);
            LockAreas.release(lockArea, size);
            AddressSpace.unmap(front, geometry.lockArea());
            AddressSpace.unmap(back, backSize(geometry));
        }
    }

    private void giveBackLateWords(long lockPages) {
        MappedWords words = MappedWords.INSTANCE;
        for (int slot = 0; slot <= geometry.maxObjects(); slot++) {
            long word = lockPages + (long) slot * MutexSlotLayout.SIZE + MutexSlotLayout.MUTEX + GlibcMutexLayout.LOCK;
            int holder = holder(word);
            if (holder != 0 && !LockThreads.nameOf(holder).isEmpty()) {
                int old = words.getAndSetInt(word, 0);
                if ((old & GlibcMutexLayout.WAITERS) != 0) {
                    LinuxKernel.INSTANCE.wake(word, 1);
                }
            }
        }
    }

    private static int holder(long mutex) {
        try {
            return MappedWords.INSTANCE.getIntVolatile(mutex + GlibcMutexLayout.LOCK) & GlibcMutexLayout.TID_MASK;
        } catch (InternalError truncated) {
            return 0; // nobody can hold what the file no longer has
        }
    }

    private static long backSize(RegionGeometry geometry) {
        return geometry.fileSize() - geometry.ownerArea();
    }
}
