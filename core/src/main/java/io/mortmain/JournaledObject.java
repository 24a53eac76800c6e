package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.region.OpenRegion;
import io.mortmain.internal.words.SharedBytes;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * An object with a mutex and a journal, as this process uses it: guarded data, or a heap.
 *
 * @param entry in the directory
 * @param description how messages name it; a sentence can begin with it
 */
record JournaledObject(Entry entry, String description, GuardedBlock block, GuardedLock lock) {
    /**
     * The one of that name.
     *
     * @param kind what it must be, for a message that it is no such thing
     */
    static Entry find(OpenRegion region, String name, ObjectType type, String kind) {
        Entry entry = region.find(name)
                .orElseThrow(() -> new RegionException(
                        Reason.NOT_FOUND, "region " + region.path() + " has no object " + name + "; check its name"));
        if (entry.type() != type) {
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    "object " + name + " of region " + region.path() + " is no " + kind + "; ask for what it is");
        }
        return entry;
    }

    /**
     * Checks what its block says of itself, and gives it its mutex.
     *
     * @param kind for messages
     * @param memory how this process uses its bytes
     */
    static JournaledObject open(
            OpenRegion region, Entry entry, String kind, Function<MemorySegment, SharedBytes> memory) {
        MemorySegment bytes = region.bytesOf(entry);
        String description = kind + " " + entry.name() + " of region " + region.path();
        GuardedBlock block = GuardedBlock.open(memory.apply(bytes), bytes.byteSize(), description);
        RobustMutex mutex = new RobustMutex(
                description,
                region.addressOf(entry),
                entry.mutexKind(),
                region.gate(),
                region.lockers(),
                GuardedLock.repair(block));
        GuardedLock lock = new GuardedLock(mutex, block, bytes.address() + GuardedBlockLayout.SEQUENCE);
        return new JournaledObject(entry, description, block, lock);
    }
}
