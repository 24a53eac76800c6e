package io.mortmain.bench.harness;

import io.mortmain.bench.peer.Belongings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder in shared memory for what other means of sharing keep in files, so that none of them waits for a disk. */
final class SharedFolder implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;
    private final Thread cleaner = new Thread(this::cleanUp, "clean-up");

    SharedFolder() {
        try {
            path = Files.createTempDirectory(SHARED_MEMORY, Belongings.name() + "-");
        } catch (IOException failed) {
            throw new BenchException("a folder in " + SHARED_MEMORY + " cannot be made", failed);
        }
        Runtime.getRuntime().addShutdownHook(cleaner);
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    private void cleanUp() {
        Belongings.removeTree(path);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(cleaner);
        cleanUp();
    }
}
