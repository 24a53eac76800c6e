package io.mortmain.explore.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A C program of src/test/c that obeys lines, each with a line. It guards itself against hanging, and ends with this process; what it is
 * told to start ends with it.
 */
final class CStage implements AutoCloseable {
    private static final Path SOURCES = Path.of("src", "test", "c").toAbsolutePath();
    private static final Path OUTPUT = Path.of("target", "c").toAbsolutePath();

    /** Those that are compiled. */
    private static final Map<String, Path> PROGRAMS = new HashMap<>();

    private final String name;
    private final Process process;
    private final BufferedReader said;
    private final PrintWriter commands;

    CStage(String name, String... arguments) throws IOException, InterruptedException {
        this.name = name;
        List<String> command = new ArrayList<>(List.of(program(name).toString()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        said = process.inputReader(StandardCharsets.UTF_8);
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8));
    }

    private static synchronized Path program(String name) throws IOException, InterruptedException {
        Path known = PROGRAMS.get(name);
        if (known == null) {
            known = compile(name);
            PROGRAMS.put(name, known);
        }
        return known;
    }

    private static Path compile(String name) throws IOException, InterruptedException {
        Files.createDirectories(OUTPUT);
        Path program = OUTPUT.resolve(name + "." + ProcessHandle.current().pid());
        List<String> command =
                new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"));
        command.addAll(List.of(SOURCES.resolve(name + ".c").toString(), "-o", program.toString()));
        Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String complaints = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new AssertionError(command + ": " + complaints);
        }
        return Files.move(program, OUTPUT.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The words of its answer after the first, which must be the one expected. */
    List<String> ask(String expected, String command) {
        commands.println(command);
        commands.flush();
        String answer = read();
        List<String> words = answer == null ? List.of() : List.of(answer.split(" "));
        if (words.isEmpty() || !words.getFirst().equals(expected)) {
            throw new AssertionError(name + " answers " + command + " with " + answer);
        }
        return words.subList(1, words.size());
    }

    private String read() {
        try {
            return said.readLine();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** By SIGKILL; when this returns, the kernel has given back what it had. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        commands.close();
        process.destroyForcibly();
    }
}
