package io.mortmain.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line's modules as jars with a start-up cache of the JVM, as the launcher has them: hundreds of processes start with two
 * thirds of the work. Made by the first test JVM that starts one, once for each state of the compiled classes; others wait for it.
 */
final class CliCache {
    private static final Path FOLDER = Path.of("target", "started").toAbsolutePath();
    private static final Path LOCK = FOLDER.resolve("lock");
    private static final Path CURRENT = FOLDER.resolve(stateOf(CliProcess.modules()));
    private static final Path CACHE = CURRENT.resolve("started.aot");
    /** Written last. */
    private static final Path COMPLETE = CURRENT.resolve("complete");

    private static boolean ready;

    private CliCache() {}

    /** Options of a JVM that was started with the given ones: the module path, and the cache. */
    static synchronized List<String> options(List<String> jvm) {
        if (!ready) {
            makeOnce(jvm);
            ready = true;
        }
        return List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot*=off", "-Xlog:cds*=off", "-p", modulePath());
    }

    private static void makeOnce(List<String> jvm) {
        try {
            Files.createDirectories(FOLDER);
            try (FileChannel file = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = file.lock()) {
                if (!Files.exists(COMPLETE)) {
                    make(jvm);
                    Files.createFile(COMPLETE);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void make(List<String> jvm) throws IOException {
        removeOthers();
        Files.createDirectories(CURRENT);
        for (Path module : CliProcess.modules().toList()) {
            if (Files.isDirectory(module)) {
                String jar =
                        Path.of(System.getProperty("java.home"), "bin", "jar").toString();
                run(List.of(
                        jar,
                        "-J-XX:TieredStopAtLevel=1",
                        "--create",
                        "--no-compress",
                        "--file=" + jarOf(module),
                        "-C",
                        module.toString(),
                        "."));
            } else {
                Files.copy(module, jarOf(module), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        List<String> training = new ArrayList<>(jvm);
        training.addAll(List.of("-XX:AOTCacheOutput=" + CACHE, "-p", modulePath()));
        training.addAll(CliProcess.main("ls"));
        run(training);
        if (!Files.exists(CACHE)) {
            throw new AssertionError(training + " made no cache");
        }
    }

    private static void run(List<String> command) {
        CliProcess.Result result = CliProcess.run(command, Map.of());
        if (result.exitCode() != 0) {
            throw new AssertionError(command + ": " + result);
        }
    }

    private static String modulePath() {
        return CliProcess.modules()
                .map(module -> jarOf(module).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The folder of the classes of a module is MODULE/target/classes. */
    private static Path jarOf(Path module) {
        Path file = Files.isDirectory(module) ? module.getParent().getParent() : module;
        String name = file.getFileName().toString();
        return CURRENT.resolve(name.endsWith(".jar") ? name : name + ".jar");
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

    /** Different whenever a class is compiled anew, or the JVM is another. */
    private static String stateOf(Stream<Path> modules) {
        List<String> all = new ArrayList<>(List.of(System.getProperty("java.vm.version")));
        for (Path module : modules.toList()) {
            try (Stream<Path> files = Files.walk(module)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    all.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return Integer.toHexString(all.hashCode());
    }
}
