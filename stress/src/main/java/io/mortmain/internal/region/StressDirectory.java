package io.mortmain.internal.region;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.words.MappedBytes;
import java.lang.foreign.MemorySegment;

/** One process's view of a directory with room for one mutex. */
public final class StressDirectory {
    /** Room for one entry. */
    public static final RegionGeometry GEOMETRY = new RegionGeometry(0, 1);

    private final ObjectDirectory directory;

    /**
     * A view of its own, as another process would have.
     *
     * @param entries memory of one entry, zeroed at first
     */
    public StressDirectory(MemorySegment entries) {
        directory = new ObjectDirectory(new MappedBytes(entries), GEOMETRY, "of a test");
    }

    /** Publishes the mutex, which was initialised before. */
    public void publish(String name, int kind) {
        long offset = GEOMETRY.lockArea() + GlibcMutexLayout.SIZE;
        directory.publish(directory.next(name, ObjectType.MUTEX, kind, offset));
    }

    /** The kind of the mutex as its entry has it; 0 where there is no entry. */
    public int kindOf(String name) {
        return directory.find(name).map(ObjectDirectory.Entry::mutexKind).orElse(0);
    }
}
