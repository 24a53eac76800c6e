package io.mortmain.bench.peer;

import io.mortmain.Region;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Everything whose uncontended pair of lock and unlock is measured in Java. */
public enum Shape {
    FIELD("mutex in a field", false, true),
    NESTED("two nested", true, true),
    NOT_INLINED("caller not inlined", false, true, "NotInlined::pair"),
    PASSED_ON("Hold passed on", false, true),
    PASSED_OUT("Hold passed on, not inlined", false, true, "PassedOn::acquire", "PassedOn::release"),
    AS_LOCK("asLock()", false, true),
    DOWNCALL("FFM downcall", false, false),
    CRITICAL_DOWNCALL("FFM downcall, critical", false, false),
    REENTRANT_LOCK("ReentrantLock (one process)", false, false),
    FILE_LOCK("FileChannel.lock", false, false),
    FLOOR("floor: CAS + exchange", false, false);

    private static final int CHUNK = 2_048;
    private static final int CHUNK_OF_FILE_LOCKS = 128;

    private final String title;
    private final boolean nested;
    private final boolean ours;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is
    private final List<String> notInlined;

    Shape(String title, boolean nested, boolean ours, String... notInlined) {
        this.title = title;
        this.nested = nested;
        this.ours = ours;
        this.notInlined = List.of(notInlined);
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** Whether it is to be compared with two nested mutexes of C. */
    public boolean isNested() {
        return nested;
    }

    /** Whether it is Mortmain that is measured, and not a peer. */
    public boolean isOurs() {
        return ours;
    }

    /** Options for the JVM that the shape needs to be what it says. */
    public List<String> jvmOptions() {
        return notInlined.stream()
                .map(method -> "-XX:CompileCommand=dontinline," + MutexLoops.class.getName() + "$" + method)
                .toList();
    }

    /** Pairs between two looks at the clock; small, so that most chunks run undisturbed. */
    int chunk() {
        return this == FILE_LOCK ? CHUNK_OF_FILE_LOCKS : CHUNK;
    }

    /** The loop over the mutexes of the region; the file is for {@link #FILE_LOCK}. */
    public PairLoop loop(Region region, Path file) throws IOException {
        return switch (this) {
            case FIELD -> new MutexLoops.Field(region.mutex(SharedNames.FIRST));
            case NESTED -> new MutexLoops.Nested(region.mutex(SharedNames.FIRST), region.mutex(SharedNames.SECOND));
            case NOT_INLINED -> new MutexLoops.NotInlined(region.mutex(SharedNames.FIRST));
            case PASSED_ON, PASSED_OUT -> new MutexLoops.PassedOn(region.mutex(SharedNames.FIRST));
            case AS_LOCK ->
                new MutexLoops.AsLock(region.mutex(SharedNames.FIRST).asLock());
            case DOWNCALL -> new PeerLoops.Downcall(address(region));
            case CRITICAL_DOWNCALL -> new PeerLoops.CriticalDowncall(address(region));
            case REENTRANT_LOCK -> new MutexLoops.AsLock(new ReentrantLock());
            case FILE_LOCK -> new PeerLoops.FileLocks(FileChannel.open(file, StandardOpenOption.WRITE));
            case FLOOR -> new PeerLoops.Floor();
        };
    }

    private static long address(Region region) {
        return region.mutex(SharedNames.FIRST).pthreadMutex().address();
    }
}
