package io.mortmain.cli.doctor;

import io.mortmain.GuardedSnapshot;
import io.mortmain.Region;
import io.mortmain.RegionSnapshot.Kind;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A JVM is killed while it changes guarded data: the next one must see all of the change, or nothing. */
final class WriterTrial {
    static final String GUARDED = "guarded";
    /** Bytes that it needs in the region. */
    static final long CAPACITY = 1 << 19;

    private static final String CHECK = "killed writer";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_NANOS = 1_000_000;
    private static final String REPORT = "report it, with what 'mortmain doctor --json' says";

    private final Region region;
    private final TrialChild writer;

    WriterTrial(Region region, TrialChild writer) {
        this.region = region;
        this.writer = writer;
    }

    Finding run() {
        writer.write();
        long begun = System.nanoTime();
        while (!stoppedInTransaction() && System.nanoTime() - begun < PATIENCE.toNanos()) {
            writer.goOn();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        writer.kill();
        writer.awaitEnd();
        Left left = left();
        Optional<MemorySegment> words = look();
        if (words.isEmpty()) {
            return Finding.failed(CHECK, "the lock of its data cannot be had", REPORT);
        }
        Long seen = TrialWriter.common(words.get());
        if (seen == null || !left.mayBecome(seen)) {
            return Finding.failed(CHECK, "it died with " + left + ", and that was not rolled back", REPORT);
        }
        return Finding.ok(CHECK, left.isMixed() ? "rolled back, with " + left : "all or nothing");
    }

    /** As the next one sees them; empty where that one hangs. */
    private Optional<MemorySegment> look() {
        try {
            return region.guarded(GUARDED, TrialWriter.LAYOUT).get(PATIENCE);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** In the middle of one, as it is seen twice: its threads do not stop at one moment. */
    private boolean stoppedInTransaction() {
        writer.stop();
        Left once = left();
        LockSupport.parkNanos(PAUSE_NANOS);
        return once.isMixed() && once.equals(left());
    }

    private Left left() {
        GuardedSnapshot guarded = Region.inspect(region.path().toString()).objects().stream()
                .filter(object -> object.kind() == Kind.GUARDED)
                .findFirst()
                .flatMap(object -> object.guarded())
                .orElseThrow();
        List<?> words =
                (List<?>) Objects.requireNonNull(guarded.values().getFirst().get(TrialWriter.WORDS));
        long newest = words.stream().mapToLong(word -> (Long) word).max().orElseThrow();
        return new Left(
                newest, words.stream().filter(word -> (Long) word == newest).count());
    }

    /**
     * The words, as they are without the lock.
     *
     * @param newest the largest number
     * @param written how many words are that
     */
    private record Left(long newest, long written) {
        boolean isMixed() {
            return written < TrialWriter.COUNT;
        }

        boolean mayBecome(@Nullable Long number) {
            return Objects.equals(number, newest - 1) || (!isMixed() && Objects.equals(number, newest));
        }

        @Override
        public String toString() {
            return written + " of " + TrialWriter.COUNT + " words written";
        }
    }
}
