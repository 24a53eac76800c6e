package io.mortmain.cli.demo;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Compiles the C worker on the spot, where the machine has a compiler. */
final class CCompiler {
    private static final List<String> NAMES = List.of("cc", "gcc", "clang");
    private static final String SOURCE = "worker.c";
    /** What the worker says when it is run without arguments. */
    private static final int RUNS = 2;

    private CCompiler() {}

    /**
     * What came of it.
     *
     * @param program the compiled worker, if there is one
     * @param sentence how it was made, or why there is none
     */
    record Result(Optional<Path> program, String sentence) {}

    static Result compileWorker(Path folder) throws IOException, InterruptedException {
        Optional<Path> compiler = find(System.getenv("PATH"));
        if (compiler.isEmpty()) {
            return without("There is no C compiler (cc, gcc or clang) on the PATH");
        }
        Path source = folder.resolve(SOURCE);
        try (InputStream resource = CCompiler.class.getResourceAsStream(SOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the C source of the worker is not in the jar; build it again");
            }
            Files.copy(resource, source);
        }
        Path program = folder.resolve("worker");
        String cc = compiler.get().toString();
        Outcome compiled =
                run(List.of(cc, "-std=c11", "-O2", "-pthread", "-o", program.toString(), source.toString()), folder);
        if (compiled.exitCode() != 0) {
            return without(cc + " failed (" + compiled.firstLine() + ")");
        }
        try {
            if (run(List.of(program.toString()), folder).exitCode() != RUNS) {
                return without("The compiled C worker does not run");
            }
        } catch (IOException notStarted) {
            return without("The compiled C worker cannot be started (" + notStarted.getMessage() + ")");
        }
        return new Result(Optional.of(program), "C workers: compiled just now with " + cc + ".");
    }

    private static Result without(String why) {
        return new Result(Optional.empty(), why + "; the demo goes on with Java workers only.");
    }

    static Optional<Path> find(String searchPath) {
        if (searchPath == null) {
            return Optional.empty();
        }
        List<String> folders = List.of(searchPath.split(File.pathSeparator, -1));
        return NAMES.stream()
                .flatMap(name ->
                        folders.stream().filter(folder -> !folder.isEmpty()).map(folder -> new File(folder, name)))
                .filter(file -> file.isFile() && file.canExecute())
                .map(File::toPath)
                .findFirst();
    }

    private record Outcome(int exitCode, String firstLine) {}

    private static Outcome run(List<String> command, Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(
                process.waitFor(),
                said.lines().findFirst().orElse("it said nothing").strip());
    }
}
