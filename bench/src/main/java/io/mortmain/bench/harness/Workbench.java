package io.mortmain.bench.harness;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.bench.peer.Belongings;
import io.mortmain.bench.peer.SharedNames;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the peers share, for the time of one run: a region with two mutexes and a counter, and a folder for files. */
final class Workbench implements AutoCloseable {
    private final Region region;
    private final Path folder;
    private final Path fileToLock;
    private final Optional<Path> compiled;
    private final MutexKind kind;
    private final Optional<Path> before;
    private final Thread cleaner = new Thread(this::cleanUp, "clean-up");

    /** @param before another build of the library */
    Workbench(MutexKind kind, @Nullable Path before) {
        this.kind = kind;
        this.before = Optional.ofNullable(before);
        try {
            folder = Files.createTempDirectory(Belongings.name() + "-");
            fileToLock = Files.createFile(folder.resolve("file-to-lock"));
        } catch (IOException failed) {
            throw new BenchException("the folder for temporary files cannot be written", failed);
        }
        try {
            region = Region.create(Belongings.name(), SharedNames.REGION_SIZE);
        } catch (RuntimeException | Error failed) {
            Belongings.removeTree(folder);
            throw failed;
        }
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            region.mutex(SharedNames.FIRST, kind, null);
            region.mutex(SharedNames.SECOND, kind, null);
            memory().fill((byte) 0);
            compiled = CCompiler.compile(folder, "peer");
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    MemorySegment memory() {
        return region.memory(SharedNames.MEMORY, SharedNames.MEMORY_SIZE);
    }

    String regionPath() {
        return region.path().toString();
    }

    Path fileToLock() {
        return fileToLock;
    }

    boolean hasCompiler() {
        return compiled.isPresent();
    }

    /** Whether somebody is about to sleep on the first mutex, or does. */
    boolean isWaitedFor() {
        return object(SharedNames.FIRST).mutex().orElseThrow().waiters();
    }

    /** A process of the C side. */
    PeerProcess startC(String name) {
        return PeerProcess.start(
                name,
                List.of(
                        compiled.orElseThrow().toString(),
                        regionPath(),
                        kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        offset(SharedNames.FIRST),
                        offset(SharedNames.SECOND),
                        offset(SharedNames.MEMORY),
                        Integer.toString(SharedNames.PLAIN_SECOND),
                        Integer.toString(SharedNames.COUNTER)));
    }

    /** A JVM with default flags, but for those given. */
    PeerProcess startJava(String name, Class<?> main, List<String> options, String... arguments) {
        return PeerJvm.start(name, main, options, arguments);
    }

    /** The same with the other build of the library, if there is one. */
    Optional<PeerProcess> startJavaBefore(String name, Class<?> main, List<String> options, String... arguments) {
        return before.map(library -> PeerJvm.startWith(library, name, main, options, arguments));
    }

    private String offset(String name) {
        return Long.toString(object(name).offset());
    }

    private NamedObject object(String name) {
        return Region.inspect(regionPath()).objects().stream()
                .filter(object -> object.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void cleanUp() {
        region.close();
        if (Files.exists(region.path())) {
            Region.delete(regionPath());
        }
        Belongings.removeTree(folder);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(cleaner);
        cleanUp();
    }
}
