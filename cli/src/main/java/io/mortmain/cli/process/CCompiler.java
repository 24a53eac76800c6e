package io.mortmain.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compiles a C program on the spot, where the machine has a compiler. */
public final class CCompiler {
    private static final List<String> NAMES = List.of("cc", "gcc", "clang");
    private static final String PARTS = "mortmain";
    private static final List<String> HEADERS =
            List.of("mortmain.h", "mortmain/checks.h", "mortmain/format.h", "mortmain/guarded.h", "mortmain/schema.h");

    /** What each of our programs says when it is run without arguments. */
    private static final int RUNS = 2;

    private CCompiler() {}

    /**
     * What came of it.
     *
     * @param program the compiled program or library, if there is one
     * @param sentence the compiler that made it, or why there is none, without a full stop
     */
    public record Result(Optional<Path> program, String sentence) {}

    /** Compiles {@code name.c}, a resource beside the class, to {@code name} in the folder. */
    public static Result compile(Class<?> owner, String name, Path folder, String... options)
            throws IOException, InterruptedException {
        Result made = make(owner, name, folder, name, List.of(options));
        if (made.program().isEmpty()) {
            return made;
        }
        try {
            if (run(List.of(made.program().get().toString()), folder).exitCode() != RUNS) {
                return without("The compiled C " + name + " does not run");
            }
        } catch (IOException notStarted) {
            return without("The compiled C " + name + " cannot be started (" + notStarted.getMessage() + ")");
        }
        return made;
    }

    /** Compiles {@code name.c}, a resource beside the class, to the library {@code name.so} in the folder. */
    public static Result library(Class<?> owner, String name, Path folder) throws IOException, InterruptedException {
        return make(owner, name, folder, name + ".so", List.of("-shared", "-fPIC"));
    }

    private static Result make(Class<?> owner, String name, Path folder, String result, List<String> options)
            throws IOException, InterruptedException {
        Optional<Path> compiler = find(System.getenv("PATH"));
        if (compiler.isEmpty()) {
            return without("There is no C compiler (cc, gcc or clang) on the PATH");
        }
        Path source = folder.resolve(name + ".c");
        copy(owner, name + ".c", source);
        Path target = folder.resolve(result);
        String cc = compiler.get().toString();
        List<String> command = new ArrayList<>(List.of(cc, "-std=gnu11", "-O2", "-pthread"));
        command.addAll(options);
        command.addAll(List.of("-o", target.toString(), source.toString()));
        Outcome compiled = run(command, folder);
        if (compiled.exitCode() != 0) {
            return without(cc + " failed (" + compiled.firstLine() + ")");
        }
        return new Result(Optional.of(target), cc);
    }

    /** Copies {@code mortmain.h} and its parts into the folder, where there is none yet. */
    public static void copyHeaders(Path folder) throws IOException {
        Files.createDirectory(folder.resolve(PARTS));
        for (String header : HEADERS) {
            copy(CCompiler.class, "/io/mortmain/cli/torture/" + header, folder.resolve(header));
        }
    }

    /** A resource of the jar as a file. */
    public static void copy(Class<?> owner, String resource, Path target) throws IOException {
        try (InputStream content = owner.getResourceAsStream(resource)) {
            if (content == null) {
                throw new IllegalStateException("the resource " + resource + " is not in the jar; build it again");
            }
            Files.copy(content, target);
        }
    }

    private static Result without(String why) {
        return new Result(Optional.empty(), why);
    }

    private static Optional<Path> find(String searchPath) {
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
