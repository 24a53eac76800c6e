package io.mortmain.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A start-up cache of the JVM for processes that are but peers of a test: of which it does not matter when their classes are loaded. They
 * start with two thirds of the work. Made by the first test JVM that starts a peer, once for each state of the compiled classes; whoever
 * needs one meanwhile goes without.
 */
final class PeerCache {
    private static final Path FOLDER = Path.of("target", "peers").toAbsolutePath();
    private static final List<Path> CLASSES = List.of(
            Path.of("target", "classes").toAbsolutePath(),
            Path.of("target", "test-classes").toAbsolutePath());
    private static final Path LOCK = FOLDER.resolve("lock");
    private static final Path CURRENT = FOLDER.resolve(state());
    private static final Path JAR = CURRENT.resolve("peers.jar");
    private static final Path CACHE = CURRENT.resolve("peers.aot");
    /** Written last. */
    private static final Path COMPLETE = CURRENT.resolve("complete");

    private static boolean tried;

    private PeerCache() {}

    /** Where the classes are, and the cache where there is one: options of the JVM. */
    static synchronized List<String> options() {
        if (!Files.exists(COMPLETE) && !tried) {
            tried = true;
            makeUnlessAnotherDoes();
        }
        if (Files.exists(COMPLETE)) {
            return List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot*=off", "-Xlog:cds*=off", "-cp", JAR.toString());
        }
        return List.of("-Xshare:auto", "-cp", CLASSES.get(0) + File.pathSeparator + CLASSES.get(1));
    }

    /** Different whenever a class is compiled anew, or the JVM is another. */
    private static String state() {
        List<String> all = new ArrayList<>(List.of(System.getProperty("java.vm.version")));
        for (Path folder : CLASSES) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    all.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return Integer.toHexString(all.hashCode());
    }

    private static void makeUnlessAnotherDoes() {
        try {
            Files.createDirectories(FOLDER);
            try (FileChannel file = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.tryLock()) {
                if (lock != null && !Files.exists(COMPLETE)) {
                    make();
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Those of earlier states of the classes. */
    private static void removeOthers() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER, 2)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) { // what is in a folder first
                if (!file.equals(FOLDER) && !file.equals(LOCK)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void make() throws IOException {
        removeOthers();
        Files.createDirectories(CURRENT);
        String home = System.getProperty("java.home");
        Path region =
                Path.of("/dev/shm", TestRegion.prefix(ProcessHandle.current().pid()) + "peers");
        List<String> jar = List.of(
                Path.of(home, "bin", "jar").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "--create",
                "--no-compress",
                "--file=" + JAR,
                "-C",
                CLASSES.get(0).toString(),
                ".",
                "-C",
                CLASSES.get(1).toString(),
                ".");
        List<String> training =
                new ArrayList<>(List.of(Path.of(home, "bin", "java").toString()));
        training.addAll(TestProcess.PEER_OPTIONS);
        training.addAll(List.of("-XX:AOTCacheOutput=" + CACHE, "-cp", JAR.toString()));
        training.addAll(List.of(Probe.class.getName(), "create", region.toString(), "0"));
        boolean made =
                Commands.run(jar).exitCode() == 0 && Commands.run(training).exitCode() == 0;
        Files.deleteIfExists(region);
        if (made && Files.exists(CACHE)) {
            Files.createFile(COMPLETE);
        }
    }
}
