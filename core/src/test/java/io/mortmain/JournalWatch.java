package io.mortmain;

import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks at the journal of one object from outside, so that who kills can aim, and say whether he hit a transaction. */
final class JournalWatch {
    private static final long AIM_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MappedByteBuffer file;
    private final int used;

    JournalWatch(TestRegion name, String object) {
        try (FileChannel channel = FileChannel.open(Path.of(name.path()))) {
            file = channel.map(MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        file.order(ByteOrder.LITTLE_ENDIAN);
        long block = Region.inspect(name.name()).objects().stream()
                .filter(found -> found.name().equals(object))
                .findFirst()
                .orElseThrow()
                .offset();
        used = Math.toIntExact(block) + GuardedBlockLayout.JOURNAL_USED;
    }

    /** Whether there is something to undo. */
    boolean isInUse() {
        return file.getInt(used) != 0;
    }

    /**
     * Kills them, the last one when the journal is in use, or after some time. They are all who use the object, so that nobody undoes it
     * before the look.
     *
     * @return whether they left something to undo
     */
    boolean isLeftInUseBy(List<TestProcess> users) {
        users.subList(0, users.size() - 1).forEach(TestProcess::kill);
        long deadline = System.nanoTime() + AIM_NANOS;
        while (!isInUse() && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        users.getLast().kill();
        return isInUse();
    }
}
