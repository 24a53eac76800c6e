package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.fork.LifeLine;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reserves space of a region's file after it was made: for this it keeps a descriptor, where something is left to reserve. Thread-safe. The
 * file's length never changes, and where two reserve the same, the second has nothing to do: so there is nothing to repair when one dies.
 */
final class LaterSpace {
    private static final LaterSpace NOTHING_LEFT = new LaterSpace(null, 0);

    private final @Nullable OpenFile file;
    private final @Nullable LifeLine lifeLine;
    private final long firstSize;

    private LaterSpace(@Nullable OpenFile file, long firstSize) {
        this.file = file;
        this.lifeLine = file == null ? null : LifeLine.ofNameless(file);
        this.firstSize = firstSize;
    }

    /** Of that file; it may be closed afterwards. */
    static LaterSpace of(OpenFile file, RegionGeometry geometry) {
        return geometry.firstSize() == geometry.fileSize()
                ? NOTHING_LEFT
                : new LaterSpace(file.again(), geometry.firstSize());
    }

    /** Reserves the bytes of an object from one offset in it to another. */
    void reserve(Path path, ObjectDirectory.Entry object, long from, long to) {
        if (file == null || to <= from || object.offset() + to <= firstSize) {
            return;
        }
        try {
            file.reserve(object.offset() + from, to - from);
        } catch (LinuxException failed) {
            throw noSpace(path, object, to, failed);
        }
    }

    private static RegionException noSpace(Path path, ObjectDirectory.Entry object, long to, LinuxException failed) {
        RegionException plain = Failures.of(path.toString(), failed);
        return new RegionException(
                plain.reason(),
                "object " + object.name() + " of region " + path + " cannot have " + to + " bytes: "
                        + failed.sentence(),
                failed);
    }

    /** Nobody reserves any more. */
    void close() {
        if (file != null && lifeLine != null) {
            lifeLine.close();
            file.close();
        }
    }
}
