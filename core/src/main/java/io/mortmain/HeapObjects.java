package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.GuardedBlock.Shape;
import io.mortmain.internal.heap.Heap;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.region.OpenRegion;
import io.mortmain.internal.words.MappedBytes;

/** Finds heaps in a region, or makes them. */
final class HeapObjects {
    private final OpenRegion region;

    HeapObjects(OpenRegion region) {
        this.region = region;
    }

    /** The heap of that name, made with the size if there is none. */
    SharedHeap heap(String name, long size) {
        if (size < Heap.LEAST_SIZE || size > RegionGeometry.MAX_CAPACITY) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "heap " + name + " cannot have " + size + " bytes; give " + Heap.LEAST_SIZE + " to "
                            + RegionGeometry.MAX_CAPACITY);
        }
        Shape shape = Heap.shape(size);
        Entry entry = region.growing(
                name,
                ObjectType.HEAP,
                MutexKind.ERROR_CHECKING.word(),
                shape.size(),
                Heap.firstSize(shape),
                bytes -> Heap.initialise(bytes, shape));
        if (entry.size() != shape.size()) {
            throw new RegionException(
                    Reason.INCOMPATIBLE,
                    "object " + name + " of region " + region.path() + " is a heap of " + entry.size()
                            + " bytes and was asked for with " + shape.size()
                            + "; use one size everywhere, or another name");
        }
        return open(entry);
    }

    /** By its own description. */
    SharedHeap existing(String name) {
        return open(JournaledObject.find(region, name, ObjectType.HEAP, "heap"));
    }

    private SharedHeap open(Entry entry) {
        JournaledObject found = JournaledObject.open(region, entry, "heap", MappedBytes::new);
        GuardedBlock block = found.block();
        if (!Heap.isHeap(block)) {
            throw new RegionException(
                    Reason.DAMAGED,
                    found.description()
                            + " is damaged (it does not describe itself as one); remove its region and create it anew");
        }
        long data = block.offsetOf(0);
        Heap heap = new Heap(block, (from, to) -> region.reserve(entry, data + from, data + to), found.description());
        return new SharedHeap(found.lock(), block, heap);
    }
}
