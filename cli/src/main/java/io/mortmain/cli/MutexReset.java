package io.mortmain.cli;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RegionSnapshot.Kind;
import io.mortmain.RegionSnapshot.NamedObject;
import java.util.Optional;

/** The operator's reset of a mutex, or of guarded data or a heap, found by its name and never created. */
final class MutexReset {
    private MutexReset() {}

    /**
     * Resets it.
     *
     * @param foreign whether the region may belong to another user
     * @return what it is; of guarded data and heaps, what was left half done is rolled back
     */
    static Kind reset(String region, String object, boolean foreign) throws InterruptedException {
        NamedObject known = find(region, object);
        try (Region opened = ForeignRegion.open(region, foreign)) {
            return resetIn(opened, known);
        }
    }

    private static Kind resetIn(Region region, NamedObject object) throws InterruptedException {
        switch (object.kind()) {
            case GUARDED -> region.guardedArray(object.name()).reset(); // which a single record is, too
            case HEAP -> region.heap(object.name()).reset();
            default -> resetMutex(region, object);
        }
        return object.kind();
    }

    private static void resetMutex(Region region, NamedObject object) throws InterruptedException {
        MutexKind kind = object.mutex().orElseThrow().kind();
        try (Hold hold = region.mutex(object.name(), kind, null).reset()) {
            hold.markConsistent();
        }
    }

    /** Opening a mutex would create one that is not there. */
    private static NamedObject find(String region, String object) {
        Optional<NamedObject> found = ForeignRegion.inspect(region).objects().stream()
                .filter(candidate -> candidate.name().equals(object))
                .findFirst();
        String cure = found.map(other -> ": that object is " + (other.kind() == Kind.COUNTER ? "a counter" : "memory")
                        + ", which needs no reset")
                .orElse("; 'mortmain inspect' shows what is in it");
        return found.filter(candidate -> candidate.mutex().isPresent())
                .orElseThrow(() -> new NotFoundException(
                        "There is no mutex " + Printable.value(object) + " in region " + region + cure));
    }
}
