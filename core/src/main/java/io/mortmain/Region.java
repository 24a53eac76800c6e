package io.mortmain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.guarded.Lender;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.Platform;
import io.mortmain.internal.record.Codec;
import io.mortmain.internal.region.ObjectDirectory;
import io.mortmain.internal.region.OpenRegion;
import io.mortmain.internal.region.RegionDescriptors;
import io.mortmain.internal.region.RegionFile;
import io.mortmain.internal.region.SoleLoader;
import io.mortmain.internal.words.MappedLong;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Memory that processes share: a file, by default in /dev/shm, with named objects in it. One process creates it, any number open it,
 * and it stays when all are gone, until {@link #delete} or, in /dev/shm, a reboot.
 *
 * <p>Where a method takes the {@code name} of a region, one without a slash is a file of that name in /dev/shm, and one with a slash is a path.
 *
 * <p>Thread-safe. A process can open one region several times; the handles share one mapping. An open region costs a
 * file descriptor, and another where {@link RegionOptions#withFirstCapacity} left space to be reserved. Space is reserved at creation, or
 * else when an object is created ({@link RegionOptions#withFirstCapacity}), so that no later store fails for want of it. A child
 * that is forked natively, without exec, does not have the region in its memory, and no lock can be taken there: C code that stores to its
 * addresses ends by SIGSEGV. For Java code that goes on in a forked child of a JVM nothing is promised. Where the threads of a process cannot hold robust mutexes (an emulator, a filter
 * for {@code set_robust_list}), each way to create or open a region throws {@link LockException} with the reason
 * {@code UNSUPPORTED_THREAD}, and nothing is made.
 *
 * <p><b>Owner death effects.</b> A process that dies while it creates a region leaves nothing; one that dies while it adds an object
 * leaves the region as it was before.
 */
public final class Region implements AutoCloseable {
    private static final String SHARED_MEMORY = "/dev/shm";
    private static final int LONGEST_NAME = 200;

    static {
        RegionDescriptors.learn(region -> ((Region) region).region);
    }

    private final OpenRegion region;

    private Region(OpenRegion region) {
        this.region = region;
    }

    /**
     * Creates a region.
     *
     * @param capacity bytes for all objects but mutexes, each rounded up to a multiple of 64, 0 to 2^46; 192 KiB and more
     *     come on top for locks and bookkeeping, and the whole is rounded up to 64 KiB
     * @throws RegionException reason {@code ALREADY_EXISTS} where the name is taken, or why it could not be made
     */
    public static Region create(String name, long capacity) {
        return create(name, capacity, RegionOptions.DEFAULT);
    }

    /** As {@link #create(String, long)}, with options. */
    public static Region create(String name, long capacity, RegionOptions options) {
        requireWarm();
        return new Region(OpenRegion.create(
                pathOf(name), geometry(name, capacity, options), options.severalPidNamespaces(), access(options)));
    }

    /**
     * Creates a region without a name, in no folder: memfd_create(2). Nobody else finds it; a child is given it by
     * {@link io.mortmain.process.Spawn#pass(String, Region)}. It is gone when the last process that has it has closed it or died. Costs two file
     * descriptors as long as it is open, one more than a region with a name.
     *
     * <p>Its space is memory, without a limit of its own. More than the machine has, with swap, is refused at once; where more is reserved than is
     * free, or than the control group has, the kernel does not refuse but ends processes, of others too.
     *
     * @param capacity as in {@link #create(String, long)}
     * @throws RegionException why it could not be made
     */
    public static Region createAnonymous(long capacity) {
        return createAnonymous(capacity, RegionOptions.DEFAULT);
    }

    /** As {@link #createAnonymous(long)}, with options. */
    public static Region createAnonymous(long capacity, RegionOptions options) {
        requireWarm();
        return new Region(OpenRegion.createAnonymous(
                geometry("without a name", capacity, options), options.severalPidNamespaces(), access(options)));
    }

    /**
     * Opens an existing region. The path {@code /proc/self/fd/N} opens the one behind a descriptor of this process, which may be closed
     * afterwards.
     *
     * @throws RegionException reason {@code NOT_FOUND} where there is none, or why it is refused; nothing of a refused file is used
     */
    public static Region open(String name) {
        return open(name, RegionOptions.DEFAULT);
    }

    /** As {@link #open(String)}, with options, of which only {@code foreignOwner} matters. */
    public static Region open(String name, RegionOptions options) {
        requireWarm();
        return new Region(OpenRegion.open(pathOf(name), access(options)));
    }

    /**
     * Opens the region, or creates it if there is none. Of any number of processes that do so at once, one creates it and all get the
     * same.
     *
     * @param capacity bytes for all objects but mutexes; an existing region must have at least as many
     * @throws RegionException why it could be neither opened nor created
     */
    public static Region openOrCreate(String name, long capacity) {
        return openOrCreate(name, capacity, RegionOptions.DEFAULT);
    }

    /** As {@link #openOrCreate(String, long)}, with options. */
    public static Region openOrCreate(String name, long capacity, RegionOptions options) {
        requireWarm();
        return new Region(OpenRegion.openOrCreate(
                pathOf(name), geometry(name, capacity, options), options.severalPidNamespaces(), access(options)));
    }

    /**
     * Removes the name, <b>also of a region that is in use</b>: as unlink(2) does, it asks nobody. Processes that have the region open go on
     * with it, among themselves; newcomers get {@code NOT_FOUND}, or make the next region of that name, and the two groups no longer see each
     * other's data or locks. Delete a region when no program uses it, nor starts to.
     *
     * @throws RegionException where there is none, or the file is not a region; then it is left alone
     */
    public static void delete(String name) {
        requireUsable();
        RegionFile.delete(pathOf(name));
    }

    /** Names of the regions in /dev/shm that this process may read, sorted. */
    public static List<String> list() {
        requireUsable();
        return RegionFile.list(Path.of(SHARED_MEMORY));
    }

    /**
     * Looks into a region without opening it for use: nothing is mapped, locked or changed.
     *
     * @throws RegionException why it is no sound region
     */
    public static RegionSnapshot inspect(String name) {
        requireUsable();
        return RegionSnapshot.of(pathOf(name));
    }

    /**
     * The bytes of a memory object, created zeroed if there is none of that name.
     *
     * <p>The segment is shared with every process that has the region open; guard it by a mutex. It is checked against its bounds, and
     * after {@link #close} any access throws {@link IllegalStateException}. Its first byte is 64-byte aligned.
     *
     * <p><b>Memory consistency effects.</b> The zeroes of a new object happen-before the return of every call that gets it, in any
     * process. What is stored in the segment later is ordered for others by a mutex that both hold in turn, or by accesses
     * through a {@link java.lang.invoke.VarHandle} that are volatile, or release and acquire; by nothing else.
     *
     * <p><b>Owner death effects.</b> A process that dies while it adds the object leaves it whole or not at all. What a process had stored in
     * the segment when it died stays as it was then, half done or not; the mutex that guards it tells of the death.
     *
     * @param name 1 to 80 bytes of UTF-8
     * @param size bytes; 0 or more, and the same as that of an existing one
     * @throws RegionException reason {@code INCOMPATIBLE} for another size or kind of object, {@code LIMIT_REACHED} without room,
     *     {@code NO_SPACE} where its space was not reserved when the region was created, and the file system is full
     */
    public MemorySegment memory(String name, long size) {
        requireObjectName(name);
        if (size < 0) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT, "object " + name + " cannot have " + size + " bytes; give 0 or more");
        }
        return region.bytesOf(region.memory(name, size));
    }

    /**
     * The guarded record of that name, created with the initial value if there is none: changed as a whole or not at all, whoever dies when.
     *
     * <p>The record's components are laid out as the members of a C structure: primitives, records, arrays and strings with a {@link Length}.
     * The layout is written into the region, and a program whose record is another is refused. In a named module, its package must be
     * open to {@code io.mortmain}.
     *
     * @param name 1 to 80 bytes of UTF-8, without a slash if it is new
     * @param initial used if there is no such object yet; its class says what is in it
     * @throws RegionException reason {@code INCOMPATIBLE} for another record or kind of object (an array of one such record is
     *     the same object), {@code LIMIT_REACHED} without room, {@code NO_SPACE} as {@link #memory}, {@code INVALID_ARGUMENT} for a record that
     *     cannot be laid out, or a value that does not fit
     */
    public <T extends Record> Guarded<T> guarded(String name, T initial) {
        requireObjectName(name);
        Objects.requireNonNull(initial, "initial");
        return new GuardedObjects(region).one(name, Lender.ofRecords(classOf(initial)), initial);
    }

    /**
     * The guarded array of that name, created with the initial value in each element if there is none: of its records one or several are changed
     * in one transaction, as a whole or not at all, whoever dies when. The record is as in {@link #guarded(String, Record)}.
     *
     * @param name 1 to 80 bytes of UTF-8, without a slash if it is new
     * @param elements how many, 1 or more; the same as those of an existing one
     * @param initial used if there is no such array yet; its class says what is in the elements
     * @throws RegionException reason {@code INCOMPATIBLE} for another record, number of elements or kind of object, {@code LIMIT_REACHED}
     *     without room, {@code NO_SPACE} as {@link #memory}, {@code INVALID_ARGUMENT} for a record that cannot be laid out, or a value that does not fit
     */
    public <T extends Record> GuardedArray<T> guardedArray(String name, int elements, T initial) {
        return guardedArray(name, elements, initial, GuardedArray.Options.DEFAULT);
    }

    /**
     * As {@link #guardedArray(String, int, Record)}, with options.
     *
     * @param name 1 to 80 bytes of UTF-8, with stripes 1 to 62, without a slash if it is new
     * @throws RegionException also, reason {@code INCOMPATIBLE}, for another number of stripes
     */
    public <T extends Record> GuardedArray<T> guardedArray(
            String name, int elements, T initial, GuardedArray.Options options) {
        requireObjectName(name);
        Objects.requireNonNull(initial, "initial");
        Objects.requireNonNull(options, "options");
        return new GuardedObjects(region).array(name, elements, Codec.of(Region.<T>classOf(initial)), initial, options);
    }

    /**
     * The guarded array of that name, by the description in the region, as {@link #guarded(String)} gives a record. For tools.
     *
     * @throws RegionException reason {@code NOT_FOUND} where there is none
     */
    public GuardedArray<Map<String, Object>> guardedArray(String name) {
        requireObjectName(name);
        return new GuardedObjects(region).existingArray(name);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Record> Class<T> classOf(T value) {
        return (Class<T>) value.getClass(); // a record has no subclasses
    }

    /**
     * A record as those of the guarded record or array of that name are, with 0, false or an empty string in each field: for tools that set
     * all of it anew, as lost data must be. A copy; the object is not locked.
     *
     * @return as {@link #guarded(String)} gives it
     * @throws RegionException reason {@code NOT_FOUND} where there is none
     */
    public Map<String, Object> zeroRecord(String name) {
        requireObjectName(name);
        return new GuardedObjects(region).zeroRecord(name);
    }

    /**
     * As {@link #guarded(String, Record)}, of bytes that a layout describes, zeroed at first. The layout's name, or {@code memory} where it has
     * none, is part of the description by which programs find that they mean the same.
     *
     * @param layout a structure, sequence or value of little-endian values, of at most 1 MiB: without addresses, unions, empty parts, and
     *     alignments above 8
     * @throws RegionException reason {@code INVALID_ARGUMENT} for another layout, and as {@link #guarded(String, Record)}
     */
    public Guarded<MemorySegment> guarded(String name, MemoryLayout layout) {
        requireObjectName(name);
        Objects.requireNonNull(layout, "layout");
        return new GuardedObjects(region)
                .one(name, Lender.ofMemory(layout.name().orElse("memory"), layout), null);
    }

    /**
     * The guarded record of that name, by the description in the region: a map from component to value, records in it being maps again,
     * and arrays lists. For tools; programs use {@link #guarded(String, Record)}.
     *
     * @throws RegionException reason {@code NOT_FOUND} where there is none
     */
    public Guarded<Map<String, Object>> guarded(String name) {
        requireObjectName(name);
        return new GuardedObjects(region).existing(name);
    }

    /**
     * The shared number of that name, created as 0 if there is none.
     *
     * @param name 1 to 80 bytes of UTF-8, without a slash if it is new
     * @throws RegionException reason {@code INCOMPATIBLE} for another kind of object, {@code LIMIT_REACHED} without room, {@code NO_SPACE} as
     *     {@link #memory}
     */
    public SharedLong counter(String name) {
        requireObjectName(name);
        ObjectDirectory.Entry entry = region.object(name, ObjectType.COUNTER, 0, Long.BYTES, _ -> {});
        return new SharedLong(new MappedLong(region.bytesOf(entry)), "counter " + name + " of region " + region.path());
    }

    /**
     * The heap of that name, created empty if there is none: its blocks are allocated, changed and freed as a whole or not at all, whoever dies
     * when.
     *
     * <p>In a region with a {@linkplain RegionOptions#withFirstCapacity first capacity} the heap's space is reserved as it grows, 64 KiB at a
     * time.
     *
     * @param name 1 to 80 bytes of UTF-8
     * @param size bytes that it takes of the region's capacity in the end, its journal included, 16,384 or more; the same in every process
     * @throws RegionException reason {@code INCOMPATIBLE} for another size or kind of object, {@code LIMIT_REACHED} without room,
     *     {@code NO_SPACE} where the file system is full, {@code INVALID_ARGUMENT} for a size that cannot be
     */
    public SharedHeap heap(String name, long size) {
        requireObjectName(name);
        return new HeapObjects(region).heap(name, size);
    }

    /**
     * The heap of that name, of the size that it has. For tools.
     *
     * @throws RegionException reason {@code NOT_FOUND} where there is none, {@code INCOMPATIBLE} for another kind of object
     */
    public SharedHeap heap(String name) {
        requireObjectName(name);
        return new HeapObjects(region).existing(name);
    }

    /** The mutex of that name in its bare form, error-checking: after a death, {@link Hold#predecessorDied} must be asked. */
    public RobustMutex mutex(String name) {
        return mutex(name, MutexKind.ERROR_CHECKING, null);
    }

    /** The mutex of that name, error-checking, with the repair that runs after a death. */
    public RobustMutex mutex(String name, Repair repair) {
        return mutex(name, MutexKind.ERROR_CHECKING, repair);
    }

    /**
     * The mutex of that name, created free if there is none.
     *
     * @param name 1 to 80 bytes of UTF-8
     * @param kind the same in every process
     * @param repair run by the acquirer after a death, or {@code null} for the bare form
     * @throws RegionException reason {@code INCOMPATIBLE} for another kind of object, {@code LIMIT_REACHED} without room
     */
    public RobustMutex mutex(String name, MutexKind kind, @Nullable Repair repair) {
        requireObjectName(name);
        ObjectDirectory.Entry entry = region.mutex(name, kind.word());
        return new RobustMutex(
                "mutex " + name + " of region " + region.path(),
                region.addressOf(entry),
                entry.mutexKind(),
                region.gate(),
                region.lockers(),
                repair);
    }

    /**
     * Where the file is, or was, as this handle was opened. Of one that has no name a path below /proc/self/fd; so too where it was opened by a
     * descriptor, unless this process had it open by name when it had no other handle.
     */
    public Path path() {
        return region.path();
    }

    /** Bytes for all objects but mutexes, as given at creation. */
    public long capacity() {
        return region.geometry().capacity();
    }

    /** Whether it was created for several PID namespaces, see {@link RegionOptions#withSeveralPidNamespaces}. */
    public boolean severalPidNamespaces() {
        return region.severalPidNamespaces();
    }

    /**
     * Closes this handle. Memory segments and mutexes that came from it throw from then on. Closing twice has no effect.
     *
     * @throws RegionException reason {@code IN_USE} while a thread of this process holds a mutex of the region, by whatever handle, waits
     *     for one by this handle, or accesses its memory at this moment; the message names mutex and thread, and the handle stays open
     */
    @Override
    public void close() {
        region.close();
    }

    @Override
    public String toString() {
        return "region " + region.path();
    }

    /** Before any class that links native code is initialised: an error there would hide the sentence. */
    private static void requireUsable() {
        Platform.current();
        SoleLoader.require();
    }

    private static void requireWarm() {
        requireUsable();
        WarmUp.require();
    }

    private static Path pathOf(String name) {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "the name of a region is empty or has a NUL in it; give 1 to " + LONGEST_NAME
                            + " bytes, or a path");
        }
        if (name.indexOf('/') >= 0) {
            return parse(name, name);
        }
        if (name.equals(".") || name.equals("..") || name.getBytes(UTF_8).length > LONGEST_NAME) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "\"" + name + "\" cannot name a region; give 1 to " + LONGEST_NAME + " bytes, or a path");
        }
        return parse(SHARED_MEMORY + "/" + name, name);
    }

    private static Path parse(String path, String name) {
        try {
            return Path.of(path);
        } catch (InvalidPathException unencodable) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "\"" + name + "\" cannot name a region (" + unencodable.getReason()
                            + "); use ASCII, or a locale of UTF-8 (LANG=C.UTF-8)",
                    unencodable);
        }
    }

    private static RegionGeometry geometry(String name, long capacity, RegionOptions options) {
        long first = Math.min(options.firstCapacity().orElse(capacity), capacity);
        RegionGeometry geometry = new RegionGeometry(capacity, options.maxObjects(), first);
        if (!geometry.isPossible()) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "region " + name + " cannot have a capacity of " + capacity + " bytes; give 0 to "
                            + RegionGeometry.MAX_CAPACITY);
        }
        return geometry;
    }

    private static RegionFile.Access access(RegionOptions options) {
        return new RegionFile.Access(options.mode(), options.group(), options.foreignOwner());
    }

    private static void requireObjectName(String name) {
        Objects.requireNonNull(name, "name");
        int length = name.getBytes(UTF_8).length;
        boolean isText = UTF_8.newEncoder()
                .canEncode(name); // half a surrogate pair would become a question mark, as others would
        if (length < 1 || length > DirectoryEntryLayout.NAME_SIZE || name.indexOf('\0') >= 0 || !isText) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "\"" + name + "\" cannot name an object; give 1 to " + DirectoryEntryLayout.NAME_SIZE
                            + " bytes of text in UTF-8 without NUL");
        }
    }
}
