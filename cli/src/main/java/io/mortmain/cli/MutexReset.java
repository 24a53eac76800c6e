package io.mortmain.cli;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RegionSnapshot.Kind;
import io.mortmain.RegionSnapshot.NamedObject;
import java.util.List;
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
        List<NamedObject> objects = ForeignRegion.inspect(region).objects();
        NamedObject known = find(objects, region, object);
        try (Region opened = ForeignRegion.open(region, foreign)) {
            requireGivenUp(objects, region, object);
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

    /** A reset waits for whoever holds the mutex, since that may be one who resets it. Of an array each stripe is one, by a name of its own. */
    private static void requireGivenUp(List<NamedObject> objects, String region, String object) {
        if (objects.stream()
                .filter(candidate ->
                        candidate.name().equals(object) || candidate.name().startsWith(object + " (stripe "))
                .flatMap(candidate -> candidate.mutex().stream())
                .noneMatch(mutex -> mutex.state() == MutexSnapshot.State.NOT_RECOVERABLE)) {
            throw new IllegalStateException(Printable.value(object) + " of region " + region
                    + " is not in the state \"not recoverable\", so there is nothing to reset");
        }
    }

    /** Opening a mutex would create one that is not there. */
    private static NamedObject find(List<NamedObject> objects, String region, String object) {
        Optional<NamedObject> found = objects.stream()
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
