package io.mortmain.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Command lines that run to their end: a JVM with the library on its class path, alone or under another command. */
public final class Commands {
    /** The library as this build has it. */
    public static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();

    private static final Path TEST_CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    private Commands() {}

    /** How a command ended and what it said on both outputs; an exit code of 128 + n is signal n. */
    public record Result(int exitCode, String said) {}

    /** The command line of a JVM that runs the main method of a test class. */
    public static List<String> java(Class<?> main, String... arguments) {
        return java(List.of("--enable-native-access=ALL-UNNAMED"), main, arguments);
    }

    /** As {@link #java(Class, String...)}, with these options and no others that change what it may do. */
    public static List<String> java(List<String> options, Class<?> main, String... arguments) {
        return java(CLASSES, options, main, arguments);
    }

    /** As {@link #java(Class, String...)}, with another build of the library: the folder of its classes. */
    public static List<String> ofBuild(Path classes, Class<?> main, String... arguments) {
        return java(classes, List.of("--enable-native-access=ALL-UNNAMED"), main, arguments);
    }

    private static List<String> java(Path classes, List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx256m",
                "-XX:ErrorFile=/dev/null",
                "-ea"));
        command.addAll(options);
        command.addAll(List.of("-cp", classes + File.pathSeparator + TEST_CLASSES, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** One list of both. */
    public static List<String> under(List<String> outer, List<String> inner) {
        List<String> command = new ArrayList<>(outer);
        command.addAll(inner);
        return command;
    }

    /** A shell line that ends by running the command in its place; {@code $0} and up are the command. */
    public static List<String> shell(String line, List<String> command) {
        return under(List.of("sh", "-c", line + " exec \"$0\" \"$@\""), command);
    }

    /** Runs the command to its end, at most the hang guard of {@link TestProcess}. */
    public static Result run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            Thread guard = Thread.ofVirtual().start(() -> killAfterGuard(process));
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            guard.interrupt();
            return new Result(exitCode, said);
        } catch (IOException cannotStart) {
            return new Result(127, cannotStart.toString());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void killAfterGuard(Process process) {
        try {
            if (!process.waitFor(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            // the process ended in time
        }
    }

    /** Why the command cannot be used here, or empty: what a test says when it cannot make its fault happen. */
    public static String refusalOf(String... command) {
        Result tried = run(List.of(command));
        return tried.exitCode() == 0
                ? ""
                : String.join(" ", command) + " does not work here: "
                        + tried.said().strip();
    }
}
