package io.mortmain.cli;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.errors.RegionException;
import java.util.Optional;

/** The operator's reset of a mutex, found by its name and never created. */
final class MutexReset {
    private MutexReset() {}

    /** @param foreign whether the region may belong to another user */
    static void reset(String region, String object, boolean foreign) throws InterruptedException {
        try {
            RegionOptions options = foreign ? RegionOptions.DEFAULT.withForeignOwner() : RegionOptions.DEFAULT;
            resetKnown(region, options, object, kindOf(region, object));
        } catch (RegionException refusal) {
            throw ForeignRegion.explain(region, refusal);
        }
    }

    private static void resetKnown(String region, RegionOptions options, String object, MutexKind kind)
            throws InterruptedException {
        try (Region opened = Region.open(region, options);
                Hold hold = opened.mutex(object, kind, null).reset()) {
            hold.markConsistent();
        }
    }

    /** Opening a mutex would create one that is not there. */
    private static MutexKind kindOf(String region, String object) {
        Optional<NamedObject> found = Region.inspect(region).objects().stream()
                .filter(candidate -> candidate.name().equals(object))
                .findFirst();
        String cure = found.isPresent()
                ? ": that object is memory, which needs no reset"
                : "; 'mortmain inspect' shows what is in it";
        return found.flatMap(NamedObject::mutex)
                .map(MutexSnapshot::kind)
                .orElseThrow(() -> new NotFoundException(
                        "There is no mutex " + Printable.value(object) + " in region " + region + cure));
    }
}
