package io.mortmain.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Compiles the C peers of the tests with the machine's compiler, once per test JVM. Several at once do not disturb each other. */
public final class CProgram {
    private static final Path SOURCES = Path.of("src", "test", "c").toAbsolutePath();
    private static final Path HEADERS = Path.of("..", "include").toAbsolutePath();
    private static final Path OUTPUT = Path.of("target", "c").toAbsolutePath();
    private static final Map<Path, Path> COMPILED = new ConcurrentHashMap<>();

    private CProgram() {}

    /** The executable of src/test/c/NAME.c. */
    public static Path compile(String name) {
        return compile(SOURCES.resolve(name + ".c"), OUTPUT.resolve(name), List.of());
    }

    /** The shared library of src/test/c/NAME.c. */
    public static Path compileLibrary(String name) {
        return compile(SOURCES.resolve(name + ".c"), OUTPUT.resolve("lib" + name + ".so"), List.of("-shared", "-fPIC"));
    }

    /** The executable of any C source. */
    public static Path compileSource(Path source) {
        return compile(
                source.toAbsolutePath(),
                OUTPUT.resolve(source.getFileName().toString().replace(".c", "")),
                List.of());
    }

    private static Path compile(Path source, Path output, List<String> options) {
        return COMPILED.computeIfAbsent(source, _ -> run(source, output, options));
    }

    private static Path run(Path source, Path output, List<String> options) {
        List<String> command =
                new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"));
        command.addAll(options);
        // not the process's number: several test JVMs are the first process of a PID namespace
        Path unfinished = output.resolveSibling(output.getFileName() + "." + UUID.randomUUID());
        command.addAll(List.of("-I", HEADERS.toString(), source.toString(), "-o", unfinished.toString()));
        try {
            Files.createDirectories(output.getParent());
            Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (gcc.waitFor() != 0) {
                throw new AssertionError(command + ": " + said);
            }
            return Files.move(unfinished, output, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new AssertionError(
                    "gcc is needed for the C peers of the tests: apt-get install gcc libc6-dev", failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
