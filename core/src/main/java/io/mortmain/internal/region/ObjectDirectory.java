package io.mortmain.internal.region;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.Fnv;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.words.SharedBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The named objects of a region. Readers take no lock: an entry is published by one release store of its state and never changes.
 * Writers hold the directory's mutex; one that dies leaves an unpublished entry, which the next one overwrites, so that there is
 * nothing to repair.
 *
 * <p>Invariants:
 * <ol>
 *   <li>Published entries stand before unpublished ones.
 *   <li>A published entry i that has a mutex has slot i + 1 of the lock area; bytes of published objects do not overlap.
 *   <li>What an entry says is checked against the geometry when it is read: a damaged one is refused, never followed.
 * </ol>
 */
public final class ObjectDirectory {
    private static final int ENTRY_ALIGNMENT = 64;

    private final SharedBytes entries;
    private final RegionGeometry geometry;
    private final String path;

    /** Entries that were seen published: they never change, so each is read once. Guarded by this, with the two below. */
    private final List<Entry> known = new ArrayList<>();

    private final Map<String, Entry> byName = new HashMap<>();
    private long dataEnd;

    /** The directory in these bytes, which are its area of a region. */
    public ObjectDirectory(SharedBytes entries, RegionGeometry geometry, String path) {
        this.entries = entries;
        this.geometry = geometry;
        this.path = path;
        this.dataEnd = geometry.data();
    }

    /**
     * One published object.
     *
     * @param index its place in the directory
     * @param mutexKind the kind word of its mutex, 0 where it has none
     * @param offset where it stands in the file, bytes
     * @param size bytes
     */
    public record Entry(int index, String name, ObjectType type, int mutexKind, long offset, long size) {
        /** Slot of the lock area, where it has a mutex. */
        public int slot() {
            return index + 1;
        }
    }

    /** The objects, in order of creation. */
    public List<Entry> list() {
        List<Entry> found = new ArrayList<>();
        for (int index = 0; index < geometry.maxObjects(); index++) {
            if (!isPublished(index)) {
                requireNoneAfter(index);
                break;
            }
            found.add(read(index));
        }
        return found;
    }

    /** Entries are published in order: one after a gap means that the state of the gap was changed by somebody else. */
    private void requireNoneAfter(int index) {
        if (index + 1 < geometry.maxObjects() && isPublished(index + 1) && !isPublished(index)) {
            throw damaged(index, "unpublished before a published one");
        }
    }

    public synchronized Optional<Entry> find(String name) {
        catchUp();
        return Optional.ofNullable(byName.get(name));
    }

    private void catchUp() {
        int index = known.size();
        for (; index < geometry.maxObjects() && isPublished(index); index++) {
            Entry entry = read(index);
            known.add(entry);
            byName.putIfAbsent(entry.name(), entry);
            if (entry.type().hasData()) {
                dataEnd = Math.max(dataEnd, alignedEnd(entry));
            }
        }
        if (index < geometry.maxObjects()) {
            requireNoneAfter(index);
        }
    }

    /** The entry that a new object would get, while the caller holds the directory's mutex; LIMIT_REACHED when the directory or the data area is full. */
    public Entry next(String name, ObjectType type, int mutexKind, long size) {
        return next(name, type, mutexKind, size, 0);
    }

    /** As {@link #next(String, ObjectType, int, long)}, where so many objects without bytes are made before it. */
    public synchronized Entry next(String name, ObjectType type, int mutexKind, long size, int before) {
        catchUp();
        int index = known.size() + before;
        if (index >= geometry.maxObjects()) {
            String used = before == 0
                    ? "all are used"
                    : known.size() + " are used, and object " + name + " needs " + (before + 1);
            throw new RegionException(
                    Reason.LIMIT_REACHED,
                    "region " + path + " has room for " + geometry.maxObjects() + " objects and " + used
                            + "; create it with a larger RegionOptions.maxObjects");
        }
        if (!type.hasData()) {
            long offset = geometry.lockArea() + (index + 1L) * MutexSlotLayout.SIZE;
            return new Entry(index, name, type, mutexKind, offset, GlibcMutexLayout.SIZE);
        }
        long offset = dataEnd;
        long free = geometry.data() + geometry.dataSize() - offset;
        if (size > free) {
            throw new RegionException(
                    Reason.LIMIT_REACHED,
                    "region " + path + " has " + free + " bytes left and object " + name + " needs " + size
                            + "; create it with a larger capacity");
        }
        return new Entry(index, name, type, mutexKind, offset, size);
    }

    /** Makes the object visible; the caller holds the directory's mutex and has initialised what the entry points to. */
    public Entry publish(Entry entry) {
        byte[] name = entry.name().getBytes(UTF_8);
        MemorySegment made = MemorySegment.ofArray(new long[DirectoryEntryLayout.SIZE / Long.BYTES]);
        made.set(ValueLayout.JAVA_INT, DirectoryEntryLayout.TYPE, entry.type().number());
        made.set(ValueLayout.JAVA_LONG, DirectoryEntryLayout.OFFSET, entry.offset());
        made.set(ValueLayout.JAVA_LONG, DirectoryEntryLayout.LENGTH, entry.size());
        made.set(ValueLayout.JAVA_INT, DirectoryEntryLayout.KIND, entry.mutexKind());
        made.set(ValueLayout.JAVA_INT, DirectoryEntryLayout.NAME_LENGTH, name.length);
        MemorySegment.copy(name, 0, made, ValueLayout.JAVA_BYTE, DirectoryEntryLayout.NAME, name.length);
        made.set(ValueLayout.JAVA_LONG, DirectoryEntryLayout.CHECKSUM, checksum(made));
        long at = offset(entry.index());
        for (int word = 0; word < DirectoryEntryLayout.SIZE; word += Long.BYTES) {
            entries.putLong(at + word, made.get(ValueLayout.JAVA_LONG, word)); // the state is 0 as yet
        }
        entries.putIntRelease(at + DirectoryEntryLayout.STATE, DirectoryEntryLayout.STATE_PUBLISHED);
        return entry;
    }

    private boolean isPublished(int index) {
        int state = entries.getIntAcquire(offset(index) + DirectoryEntryLayout.STATE);
        if (state != DirectoryEntryLayout.STATE_FREE && state != DirectoryEntryLayout.STATE_PUBLISHED) {
            throw damaged(index, "state " + state);
        }
        return state == DirectoryEntryLayout.STATE_PUBLISHED;
    }

    private Entry read(int index) {
        // A private copy: what is checked is what is used, whatever others store meanwhile.
        MemorySegment at = copy(offset(index));
        if (at.get(ValueLayout.JAVA_LONG, DirectoryEntryLayout.CHECKSUM) != checksum(at)) {
            throw damaged(index, "wrong checksum");
        }
        int number = at.get(ValueLayout.JAVA_INT, DirectoryEntryLayout.TYPE);
        ObjectType type = ObjectType.of(number).orElseThrow(() -> damaged(index, "type " + number));
        int nameLength = at.get(ValueLayout.JAVA_INT, DirectoryEntryLayout.NAME_LENGTH);
        if (nameLength < 1 || nameLength > DirectoryEntryLayout.NAME_SIZE) {
            throw damaged(index, "name of " + nameLength + " bytes");
        }
        Entry entry = new Entry(
                index,
                decode(index, at.asSlice(DirectoryEntryLayout.NAME, nameLength).toArray(ValueLayout.JAVA_BYTE)),
                type,
                at.get(ValueLayout.JAVA_INT, DirectoryEntryLayout.KIND),
                at.get(ValueLayout.JAVA_LONG, DirectoryEntryLayout.OFFSET),
                at.get(ValueLayout.JAVA_LONG, DirectoryEntryLayout.LENGTH));
        if (!isPlaced(entry) || (type.hasMutex() && !isKind(entry.mutexKind()))) {
            throw damaged(index, "type " + number + " at " + entry.offset() + " with " + entry.size() + " bytes");
        }
        return entry;
    }

    private static boolean isKind(int mutexKind) {
        int kind = mutexKind & GlibcMutexLayout.KIND_MASK;
        return kind >= GlibcMutexLayout.KIND_ROBUST
                && kind <= (GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_ERROR_CHECKING);
    }

    private boolean isPlaced(Entry entry) {
        if (!entry.type().hasData()) {
            return entry.offset() == geometry.lockArea() + (long) entry.slot() * MutexSlotLayout.SIZE
                    && entry.size() == GlibcMutexLayout.SIZE;
        }
        long start = entry.offset() - geometry.data();
        return start >= 0
                && start % ENTRY_ALIGNMENT == 0
                && entry.size() >= 0
                && start <= geometry.dataSize()
                && entry.size() <= geometry.dataSize() - start;
    }

    private String decode(int index, byte[] name) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
        } catch (CharacterCodingException malformed) {
            throw damaged(index, "name that is not UTF-8");
        }
    }

    private RegionException damaged(int index, String what) {
        return new RegionException(
                Reason.DAMAGED,
                "region " + path + ": entry " + index + " of its directory is damaged (" + what
                        + "); remove it and create it anew");
    }

    private MemorySegment copy(long from) {
        long[] words = new long[DirectoryEntryLayout.SIZE / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = entries.getLong(from + (long) i * Long.BYTES);
        }
        return MemorySegment.ofArray(words);
    }

    private static long offset(int index) {
        return (long) index * DirectoryEntryLayout.SIZE;
    }

    private static long checksum(MemorySegment entry) {
        byte[] bytes = entry.asSlice(0, DirectoryEntryLayout.CHECKSUM).toArray(ValueLayout.JAVA_BYTE);
        return Fnv.hash(bytes, DirectoryEntryLayout.TYPE, DirectoryEntryLayout.CHECKSUM);
    }

    private static long alignedEnd(Entry entry) {
        return (entry.offset() + entry.size() + ENTRY_ALIGNMENT - 1) & -ENTRY_ALIGNMENT;
    }
}
