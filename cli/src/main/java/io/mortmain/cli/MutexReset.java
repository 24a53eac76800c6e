package io.mortmain.cli;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RegionSnapshot.NamedObject;
import java.util.Optional;

/** The operator's reset of a mutex, found by its name and never created. */
final class MutexReset {
    private MutexReset() {}

    static void reset(String region, String object) throws InterruptedException {
        MutexKind kind = kindOf(region, object);
        try (Region opened = Region.open(region, RegionOptions.DEFAULT);
                Hold hold = opened.mutex(object, kind, null).reset()) {
            hold.markConsistent();
        }
    }

    /** Opening a mutex would create one that is not there. */
    private static MutexKind kindOf(String region, String object) {
        Optional<MutexSnapshot> mutex = Region.inspect(region).objects().stream()
                .filter(candidate -> candidate.name().equals(object))
                .findFirst()
                .flatMap(NamedObject::mutex);
        return mutex.orElseThrow(() -> new NotFoundException("There is no mutex " + object + " in region " + region
                        + "; 'mortmain inspect' shows what is in it"))
                .kind();
    }
}
