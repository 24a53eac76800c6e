package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.Lockers;
import io.mortmain.internal.words.MappedBytes;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.SharedBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One handle on a region: its mapping, its gate, its arena. Thread-safe. Two handles of one process on one file share the mapping.
 */
public final class OpenRegion {
    private static final String AFTER_THE_CALL = "; close the region after that call";

    private final Mapping mapping;
    private final Path path;
    private final Gate gate = new Gate();
    private final Arena arena = Arena.ofShared();
    private final ObjectDirectory directory;
    private final DirectoryLock directoryLock;
    private final ObjectMaker maker;
    private final MemorySegment data;

    /** @param asked by which name; that of another handle of this process may be another, or gone */
    private OpenRegion(Mapping mapping, Path asked) {
        this.mapping = mapping;
        this.path = OpenFile.isDescriptor(asked.toString()) ? mapping.path() : asked;
        this.directory =
                new ObjectDirectory(new MappedBytes(mapping.directory(arena)), mapping.geometry(), path.toString());
        this.directoryLock = new DirectoryLock(mapping, path, gate);
        this.data = mapping.data(arena);
        this.maker = new ObjectMaker(
                directory,
                new FreshBytes(new MappedBytes(mapping.statePage(arena)), new MappedBytes(data), data.byteSize()),
                mapping.geometry(),
                MappedWords.INSTANCE,
                this::addressOf,
                object -> new MappedBytes(bytesOf(object)));
    }

    public static OpenRegion create(
            Path path, RegionGeometry geometry, boolean severalPidNamespaces, RegionFile.Access access) {
        return new OpenRegion(RegionFile.create(path, geometry, severalPidNamespaces, access), path);
    }

    /** Creates one without a name. */
    public static OpenRegion createAnonymous(
            RegionGeometry geometry, boolean severalPidNamespaces, RegionFile.Access access) {
        Mapping mapping = RegionFile.createAnonymous(geometry, severalPidNamespaces, access);
        return new OpenRegion(mapping, mapping.path());
    }

    public static OpenRegion open(Path path, RegionFile.Access access) {
        return new OpenRegion(RegionFile.open(path, access), path);
    }

    /** Opens, or creates when there is none; of many callers at once one creates and all get the same. */
    public static OpenRegion openOrCreate(
            Path path, RegionGeometry geometry, boolean severalPidNamespaces, RegionFile.Access access) {
        return RegionFile.openOrCreate(
                path,
                () -> openAsAskedFor(path, geometry.capacity(), severalPidNamespaces, access),
                () -> create(path, geometry, severalPidNamespaces, access));
    }

    private static OpenRegion openAsAskedFor(
            Path path, long capacity, boolean severalPidNamespaces, RegionFile.Access access) {
        Mapping mapping = RegionFile.open(path, access);
        if (severalPidNamespaces && !mapping.severalPidNamespaces()) {
            mapping.close(() -> {});
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    "region " + path + " exists for one PID namespace and was asked for for several; remove it first");
        }
        long actual = mapping.geometry().capacity();
        if (actual < capacity) {
            mapping.close(() -> {});
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    "region " + path + " exists with a capacity of " + actual + " bytes and " + capacity
                            + " were asked for; ask for no more, or remove it first");
        }
        return new OpenRegion(mapping, path);
    }

    public Path path() {
        return path;
    }

    /** The file once more, for the caller to close. */
    OpenFile openFile() {
        if (gate.isClosed()) {
            throw Failures.closed(path());
        }
        return mapping.openFile(path);
    }

    /** Whether it was created for several PID namespaces. */
    public boolean severalPidNamespaces() {
        return mapping.severalPidNamespaces();
    }

    public RegionGeometry geometry() {
        return mapping.geometry();
    }

    /** Who locks in it. */
    public Lockers lockers() {
        return mapping.lockers();
    }

    public Gate gate() {
        return gate;
    }

    /** Address of the mutex; valid as long as the process lives, meaningful while the gate is open. */
    public long addressOf(ObjectDirectory.Entry mutex) {
        return mapping.mutex(mutex.slot());
    }

    /** The bytes of an object that has some, inaccessible once the handle is closed. */
    public MemorySegment bytesOf(ObjectDirectory.Entry object) {
        return data.asSlice(object.offset() - mapping.geometry().data(), object.size());
    }

    public List<ObjectDirectory.Entry> objects() {
        return guarded(directory::list);
    }

    /** The mutex of that name, made with the kind word if there is none. */
    public ObjectDirectory.Entry mutex(String name, int kind) {
        ObjectDirectory.Entry entry = findOrCreate(name, ObjectType.MUTEX, kind, 0, 0, OpenRegion::asZeroes);
        if (entry.type() != ObjectType.MUTEX
                || (entry.mutexKind() & GlibcMutexLayout.KIND_MASK) != (kind & GlibcMutexLayout.KIND_MASK)) {
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    "object " + name + " of region " + path() + " is " + describe(entry) + " and was asked for as "
                            + kindName(kind) + "; use one kind everywhere, or another name");
        }
        return entry;
    }

    /** The memory object of that name, made with the size if there is none. */
    public ObjectDirectory.Entry memory(String name, long size) {
        ObjectDirectory.Entry entry = findOrCreate(name, ObjectType.MEMORY, 0, size, size, OpenRegion::asZeroes);
        requireType(entry, ObjectType.MEMORY);
        if (entry.size() != size) {
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    "object " + name + " of region " + path() + " is " + describe(entry)
                            + " and was asked for as memory of " + size
                            + " bytes; use one size everywhere, or another name");
        }
        return entry;
    }

    /**
     * The object of that name and type, made if there is none.
     *
     * @param kind the kind word of its mutex, or 0 where the type has none
     * @param size bytes of a new one; one that exists may have others, which the caller looks at
     * @param initialise puts the first contents into the bytes of a new one, which are zero; runs while the directory is held, before anybody
     *     else sees the object, and may be killed or throw: then there is no object
     */
    public ObjectDirectory.Entry object(
            String name, ObjectType type, int kind, long size, Consumer<SharedBytes> initialise) {
        return growing(name, type, kind, size, size, initialise);
    }

    /**
     * As {@link #object}, with space for the first bytes only: the others are not to be touched before {@link #reserve}, and may then have
     * any contents.
     *
     * @param first bytes at its beginning
     */
    public ObjectDirectory.Entry growing(
            String name, ObjectType type, int kind, long size, long first, Consumer<SharedBytes> initialise) {
        ObjectDirectory.Entry entry = findOrCreate(name, type, kind, size, first, initialise);
        requireType(entry, type);
        return entry;
    }

    /**
     * Refuses what {@link #object} would refuse for want of room or space, where other objects without bytes are made before it. Nothing is
     * made; somebody else may take the room afterwards.
     *
     * @param others how many
     */
    public void requireRoom(String name, ObjectType type, long size, int others) {
        requireReachable(name, type);
        guarded(() -> directoryLock.holding(() -> {
            ObjectDirectory.Entry entry = directory.next(name, type, 0, size, others);
            reserve(entry, 0, size); // what is reserved and not used is the next object's
            return entry;
        }));
    }

    /**
     * Reserves space for more bytes of an object, so that no store to them can fail for want of it; for what is reserved nothing is done. While
     * the caller holds a mutex of the region, so that the handle is not closed meanwhile.
     *
     * @param from the first of them, from the object's beginning
     * @param to behind the last
     * @throws RegionException reason {@code NO_SPACE} where the file system has none left; nothing was changed
     */
    public void reserve(ObjectDirectory.Entry object, long from, long to) {
        mapping.laterSpace().reserve(path(), object, from, to);
    }

    /** The object of that name, if there is one. */
    public Optional<ObjectDirectory.Entry> find(String name) {
        return guarded(() -> directory.find(name));
    }

    private void requireType(ObjectDirectory.Entry entry, ObjectType type) {
        if (entry.type() != type) {
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    "object " + entry.name() + " of region " + path() + " is " + describe(entry)
                            + " and was asked for as " + typeName(type)
                            + "; ask for what it is, or use another name");
        }
    }

    private ObjectDirectory.Entry findOrCreate(
            String name, ObjectType type, int kind, long size, long first, Consumer<SharedBytes> initialise) {
        return guarded(() -> directory
                .find(name)
                .orElseGet(() -> directoryLock.holding(() -> directory
                        .find(name)
                        .orElseGet(() -> make(directory.next(name, type, kind, size), first, initialise)))));
    }

    /** Of a new object: in {@code mortmain get NAME/OBJECT} the last slash separates the region, which may be a path. */
    private static void requireReachable(String name, ObjectType type) {
        if ((type == ObjectType.GUARDED || type == ObjectType.COUNTER) && name.indexOf('/') >= 0) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "\"" + name + "\" cannot name " + typeName(type)
                            + ", because a slash separates region and object for the commands; use a dot instead");
        }
    }

    private static void asZeroes(SharedBytes nothingElse) {}

    /** While the directory is held. */
    private ObjectDirectory.Entry make(ObjectDirectory.Entry entry, long first, Consumer<SharedBytes> initialise) {
        requireReachable(entry.name(), entry.type());
        if (entry.type().hasData()) {
            reserve(entry, 0, first);
        }
        return maker.make(entry, first, initialise);
    }

    /** Runs what reads the mapping, and says clearly when the handle was closed or the file truncated meanwhile. */
    private <T> T guarded(Supplier<T> action) {
        if (gate.isClosed()) {
            throw Failures.closed(path());
        }
        try {
            boolean whole = mapping.isWhole();
            if (!arena.scope().isAlive()) {
                throw Failures.closed(path());
            }
            if (!whole) {
                throw truncated(null);
            }
            return action.get();
        } catch (IllegalStateException concurrentlyClosed) {
            throw Failures.closed(path());
        } catch (InternalError fault) {
            throw truncated(fault);
        }
    }

    private RegionException truncated(@Nullable Throwable fault) {
        String sentence =
                "region " + path() + " was truncated while it is open; close it, remove it and create it anew";
        return fault == null
                ? new RegionException(Reason.DAMAGED, sentence)
                : new RegionException(Reason.DAMAGED, sentence, fault);
    }

    /** Closes the handle; refused, with nothing changed, while this process holds or waits for a mutex in the region. */
    public synchronized void close() {
        if (gate.isClosed()) {
            return;
        }
        gate.beginClosing();
        boolean closed = false;
        try {
            mapping.useWithin(gate, this::objectOfSlot).ifPresent(use -> {
                throw new RegionException(Reason.IN_USE, "region " + path() + " cannot be closed: " + use);
            });
            mapping.close(this::endAccess);
            closed = true;
        } catch (LinuxException failed) {
            throw Failures.of(path().toString(), failed);
        } finally {
            if (closed) {
                gate.close();
            } else {
                gate.reopen();
            }
        }
    }

    private void endAccess() {
        if (!arena.scope().isAlive()) {
            return; // an earlier attempt came as far as here
        }
        try {
            arena.close();
        } catch (IllegalStateException accessed) {
            throw new RegionException(
                    Reason.IN_USE,
                    "region " + path()
                            + " cannot be closed: a thread reads or writes its memory at this moment; try again",
                    accessed);
        }
    }

    /** What its users know it as, and how they let it go: the mutex of guarded data or a heap is had by a call. */
    private String objectOfSlot(int slot) {
        if (slot == 0) {
            return "mutex (the directory's); release it first";
        }
        try {
            ObjectDirectory.Entry entry = directory.list().get(slot - 1);
            return switch (entry.type()) {
                case GUARDED -> "guarded " + entry.name() + AFTER_THE_CALL;
                case HEAP -> "heap " + entry.name() + AFTER_THE_CALL;
                default ->
                    StripeName.arrayOf(entry.name())
                            .filter(array -> directory.list().stream()
                                    .anyMatch(other -> other.type() == ObjectType.GUARDED
                                            && other.name().equals(array)))
                            .map(array -> "guarded " + array + AFTER_THE_CALL)
                            .orElse("mutex " + entry.name() + "; release it first");
            };
        } catch (RuntimeException | InternalError damaged) {
            return "mutex in slot " + slot + "; release it first";
        }
    }

    private static String describe(ObjectDirectory.Entry entry) {
        return switch (entry.type()) {
            case MUTEX -> kindName(entry.mutexKind());
            case MEMORY -> "memory of " + entry.size() + " bytes";
            default -> typeName(entry.type());
        };
    }

    private static String typeName(ObjectType type) {
        return switch (type) {
            case MUTEX -> "a mutex";
            case MEMORY -> "memory";
            case GUARDED -> "guarded data";
            case COUNTER -> "a counter";
            case HEAP -> "a heap";
        };
    }

    private static String kindName(int kind) {
        return switch (kind & (GlibcMutexLayout.KIND_MASK & ~GlibcMutexLayout.KIND_ROBUST)) {
            case GlibcMutexLayout.KIND_NORMAL -> "a normal mutex";
            case GlibcMutexLayout.KIND_RECURSIVE -> "a recursive mutex";
            default -> "an error-checking mutex";
        };
    }
}
