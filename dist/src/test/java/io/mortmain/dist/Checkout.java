package io.mortmain.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A checkout in a folder of the test: the launcher, the jars that this build has just made, one source file older than they, and a Maven
 * that builds nothing but says that it was called. The real checkout is left alone, and not built a second time.
 */
final class Checkout {
    private static final int GUARD_SECONDS = 120;
    private static final Path REAL = Path.of("..").toAbsolutePath().normalize();
    private static final Instant SOURCES_SAVED = Instant.now().minusSeconds(60);
    private static final Instant BUILT = Instant.now().minusSeconds(30);

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    private Checkout(Path folder) {
        this.folder = folder;
    }

    /** How the launcher ended and what it said. */
    record Result(int exitCode, String out, String err, long millis) {}

    /** Makes it in an empty folder. */
    static Checkout in(Path folder) {
        Checkout checkout = new Checkout(folder);
        checkout.writeProgram(checkout.launcher(), read(REAL.resolve("mortmain")));
        copyTree(REAL.resolve(Path.of("target", "mortmain")), checkout.built());
        write(checkout.source(), "");
        write(folder.resolve("pom.xml"), "");
        try (Stream<Path> files = Files.walk(folder)) {
            files.forEach(file -> setTime(file, SOURCES_SAVED));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        setTime(checkout.built().resolve("complete"), BUILT);
        checkout.letMaven("touch target/mortmain/complete");
        checkout.environment.put("JAVA_HOME", System.getProperty("java.home"));
        checkout.environment.put("PATH", checkout.tools() + ":" + System.getenv("PATH"));
        return checkout;
    }

    Path launcher() {
        return folder.resolve("mortmain");
    }

    Path source() {
        return folder.resolve(Path.of("core", "src", "main", "java", "Source.java"));
    }

    Path built() {
        return folder.resolve(Path.of("target", "mortmain"));
    }

    private Path tools() {
        return folder.resolve("tools");
    }

    private Path calls() {
        return folder.resolve("calls-of-maven");
    }

    /** From now on Maven does that, in a shell. */
    void letMaven(String script) {
        writeProgram(tools().resolve("mvn"), "#!/bin/sh\necho \"$@\" >>'" + calls() + "'\n" + script + "\n");
    }

    /** The arguments of each call of Maven. */
    List<String> callsOfMaven() {
        return Files.exists(calls()) ? read(calls()).lines().toList() : List.of();
    }

    /** Sets a variable of the launcher's environment. */
    void set(String variable, String value) {
        environment.put(variable, value);
    }

    /** Runs a command to its end, in a folder. */
    Result run(Path where, Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
        builder.environment().putAll(environment);
        // With one of these set, java says so on standard error.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        try {
            Path out = Files.createTempFile(folder, "said", ".out");
            Path err = Files.createTempFile(folder, "said", ".err");
            long start = System.nanoTime();
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(command + " hangs; it said " + read(out) + read(err));
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            return new Result(process.exitValue(), read(out), read(err), millis);
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    Result run(String... arguments) {
        return run(folder, launcher(), arguments);
    }

    void writeProgram(Path file, String text) {
        write(file, text);
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void setTime(Path file, Instant time) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(time));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void copyTree(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            Files.createDirectories(to.getParent());
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
