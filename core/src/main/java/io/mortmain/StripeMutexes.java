package io.mortmain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.region.OpenRegion;
import io.mortmain.internal.region.StripeName;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The mutexes of an array's stripes: objects of its region, with names made from the array's. */
final class StripeMutexes {
    private final OpenRegion region;
    private final String array;
    private final List<String> names;

    /** @param count how many stripes; 0 for an array without */
    StripeMutexes(OpenRegion region, String array, int count) {
        this.region = region;
        this.array = array;
        this.names = IntStream.range(0, count)
                .mapToObj(stripe -> StripeName.of(array, stripe, count))
                .toList();
    }

    /**
     * Makes them, before there is an array, which is then never without. They would stay for ever if it were refused afterwards, so nothing
     * is made where there is no room for all of it.
     *
     * @param size bytes of the array
     */
    void make(long size) {
        if (names.isEmpty()) {
            return;
        }
        names.forEach(this::requireFits);
        int missing = 0;
        for (String name : names) {
            if (region.find(name).isEmpty()) {
                missing++;
            } else {
                entry(name); // refused where it is none
            }
        }
        region.requireRoom(array, ObjectType.GUARDED, size, missing);
        names.forEach(this::entry);
    }

    /** Finds them. */
    RobustMutex[] all(@Nullable Repair repair) {
        return names.stream().map(name -> mutex(name, repair)).toArray(RobustMutex[]::new);
    }

    private void requireFits(String name) {
        if (name.getBytes(UTF_8).length > DirectoryEntryLayout.NAME_SIZE) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "array " + array + " cannot have stripes, because its name is too long for theirs, such as \""
                            + name
                            + "\"; give a name of at most "
                            + (DirectoryEntryLayout.NAME_SIZE - " (stripe 63 of 64)".length())
                            + " bytes");
        }
    }

    private RobustMutex mutex(String name, @Nullable Repair repair) {
        Entry entry = entry(name);
        return new RobustMutex(
                "mutex " + name + " of region " + region.path(),
                region.addressOf(entry),
                entry.mutexKind(),
                region.gate(),
                region.lockers(),
                repair);
    }

    private Entry entry(String name) {
        return region.mutex(name, MutexKind.ERROR_CHECKING.word());
    }
}
