package io.mortmain.explore.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The memory that the test and its C programs share. */
final class SharedFile implements AutoCloseable {
    static final long SIZE = 4 << 20;

    private final Arena arena = Arena.ofShared();
    private final Path path;
    private final MemorySegment words;

    SharedFile() throws IOException {
        path = Files.createTempFile(
                Path.of("/dev/shm"), "mortmain-test-" + ProcessHandle.current().pid() + "-", "");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            words = file.map(MapMode.READ_WRITE, 0, SIZE, arena);
        }
    }

    String path() {
        return path.toString();
    }

    /** Puts these bytes at its beginning, and 0 behind them. */
    void put(byte[] bytes) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, words, 0, bytes.length);
        words.asSlice(bytes.length).fill((byte) 0);
    }

    int word(long offset) {
        return words.get(JAVA_INT_UNALIGNED, offset);
    }

    void setWord(long offset, int value) {
        words.set(JAVA_INT_UNALIGNED, offset, value);
    }

    @Override
    public void close() throws IOException {
        arena.close();
        Files.delete(path);
    }
}
