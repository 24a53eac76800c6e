package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Region;
import io.mortmain.explore.Bound;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The command in a process of its own, as the launcher starts it. Each wait has a hang guard, which proves nothing. */
final class CliProcess implements AutoCloseable {
    static final int GUARD_SECONDS = 120;

    /** The common pool may have one thread only, and each reader blocks one. */
    private static final Executor READERS = task -> Thread.ofPlatform().daemon().start(task);

    private final Process process;
    private final CompletableFuture<String> err;

    private CliProcess(Process process) {
        this.process = process;
        this.err = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException closed) {
                        return "";
                    }
                },
                READERS);
    }

    /** What a command that has ended left. */
    record Result(int exitCode, String out, String err) {}

    /** The command line of the main class with the arguments. */
    static List<String> command(String... arguments) {
        List<String> command = jvm();
        command.addAll(CliCache.options(jvm()));
        command.addAll(main(arguments));
        return command;
    }

    /** The same, with the modules somewhere else. */
    static List<String> commandIn(String modulePath, String... arguments) {
        List<String> command = jvm();
        command.addAll(List.of("-p", modulePath));
        command.addAll(main(arguments));
        return command;
    }

    /** What follows the options of the JVM. */
    static List<String> main(String... arguments) {
        List<String> command = new ArrayList<>(List.of("--enable-native-access=io.mortmain"));
        command.addAll(List.of("-m", "io.mortmain.cli/" + Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The command line of a class of the tests that needs nothing but the command line's classes. */
    static List<String> ofTests(Class<?> main, String... arguments) {
        List<String> command = jvm();
        Path target = Path.of("target").toAbsolutePath();
        command.addAll(List.of("-cp", target.resolve("classes") + File.pathSeparator + target.resolve("test-classes")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> jvm() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Most commands end within a quarter of a second: to compile less costs less.
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=3", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
        return command;
    }

    /** Folders or jars. */
    static Stream<Path> modules() {
        return Stream.of(Main.class, Region.class, Bound.class, CommandLine.class)
                .map(type -> Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().getPath()));
    }

    /** The command in this JVM: for what is refused before anything is begun, or only looks. */
    static Result runHere(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Result(Main.execute(commandLine, arguments), out.toString(), err.toString());
    }

    static CliProcess start(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            return new CliProcess(builder.start());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    static Result run(String... arguments) {
        return run(command(arguments), Map.of());
    }

    static Result run(List<String> command, Map<String, String> environment) {
        try (CliProcess started = start(command, environment)) {
            return started.result();
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Reads standard output up to a line that begins so. */
    String expect(String start) {
        try {
            BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(start)) {
                    return line;
                }
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        throw new AssertionError("it ended without saying " + start + "; on standard error: " + err.join());
    }

    void signal(String name) {
        try {
            int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(exitCode).isZero();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** Waits for the end. */
    Result result() {
        CompletableFuture<String> out = CompletableFuture.supplyAsync(
                () -> process.inputReader(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()),
                READERS);
        try {
            assertThat(process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS))
                    .as("it does not hang")
                    .isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return new Result(process.exitValue(), out.join(), err.join());
    }

    /** Waits for those that the command started, whose parent may be gone. */
    static void awaitEnd(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle one : processes) {
            one.onExit().get(GUARD_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** What torture or claims have in shared memory and in the folder for temporary files: the names have their process number. */
    List<String> traces() {
        return Stream.of("/dev/shm", System.getProperty("java.io.tmpdir"))
                .flatMap(folder -> Stream.of(new File(folder).listFiles()))
                .map(File::toString)
                .filter(path -> path.matches(".*/mortmain-torture-(\\d+-)?" + process.pid() + "-.*"))
                .toList();
    }

    static void assertRefused(Result result, int exitCode, String because) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("mortmain: ").contains(because);
        assertThat(result.err().lines()).hasSize(1);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
