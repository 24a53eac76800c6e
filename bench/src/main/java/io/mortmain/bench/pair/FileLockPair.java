package io.mortmain.bench.pair;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.bench.peer.PairLoop;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A mapped file, under the lock that Java has for files. */
final class FileLockPair implements SharedPair {
    private static final long SECOND = Long.BYTES;
    private static final long SIZE = 2 * Long.BYTES;

    private final FileChannel channel;
    private final MemorySegment memory;

    FileLockPair(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean isNew = channel.size() == 0;
        memory = channel.map(MapMode.READ_WRITE, 0, SIZE, Arena.global());
        if (isNew) {
            memory.set(JAVA_LONG, 0, SUM);
        }
    }

    @Override
    public void move(Runnable between) throws IOException {
        try (FileLock lock = channel.lock()) {
            memory.set(JAVA_LONG, 0, memory.get(JAVA_LONG, 0) - 1);
            between.run();
            memory.set(JAVA_LONG, SECOND, memory.get(JAVA_LONG, SECOND) + 1);
        }
    }

    @Override
    public Seen look() throws IOException {
        try (FileLock lock = channel.lock()) {
            return new Seen(false, memory.get(JAVA_LONG, 0), memory.get(JAVA_LONG, SECOND));
        }
    }

    @Override
    public PairLoop moves() {
        return count -> {
            for (int i = 0; i < count; i++) {
                try (FileLock lock = channel.lock()) {
                    memory.set(JAVA_LONG, 0, memory.get(JAVA_LONG, 0) - 1);
                    memory.set(JAVA_LONG, SECOND, memory.get(JAVA_LONG, SECOND) + 1);
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
