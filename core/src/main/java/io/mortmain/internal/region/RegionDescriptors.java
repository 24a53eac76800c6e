package io.mortmain.internal.region;

import io.mortmain.internal.linux.OwnDescriptor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The descriptor of a region's file, for the room that hands it to other processes; the public door does not show what is behind it. */
public final class RegionDescriptors {
    private static volatile @Nullable Function<Object, OpenRegion> inside;

    private RegionDescriptors() {}

    /** Said once by the class of the door. */
    public static void learn(Function<Object, OpenRegion> behindTheDoor) {
        inside = behindTheDoor;
    }

    /**
     * Opens the file of a region anew, for reading and writing, close-on-exec.
     *
     * @param region of the public class
     * @return the descriptor, for the caller to close
     * @throws io.mortmain.errors.RegionException where the handle is closed, or the name is another file's by now
     */
    public static OwnDescriptor open(Object region) {
        Function<Object, OpenRegion> known = inside;
        if (known == null) {
            throw new IllegalStateException("no region was ever opened");
        }
        return known.apply(region).openFile().handOver();
    }
}
