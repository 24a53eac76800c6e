package io.mortmain.bench.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compiles the C side, which comes as source with the benchmarks, by the machine's own compiler. */
final class CCompiler {
    private static final List<String> NAMES = List.of("gcc", "cc");
    private static final List<String> OPTIONS = List.of("-std=gnu11", "-O2", "-pthread");

    private CCompiler() {}

    /**
     * The executable of that program, in that folder; empty when there is no compiler.
     *
     * @param headers what it includes, which comes with the benchmarks too
     */
    static Optional<Path> compile(Path folder, String program, String... headers) {
        Path source = copy(folder, program + ".c");
        for (String header : headers) {
            copy(folder, header);
        }
        Path executable = folder.resolve(program);
        for (String name : NAMES) {
            if (compile(name, folder, source, executable)) {
                return Optional.of(executable);
            }
        }
        return Optional.empty();
    }

    private static Path copy(Path folder, String name) {
        Path copy = folder.resolve(name);
        try (InputStream resource = CCompiler.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new BenchException("the jar of the benchmarks lacks " + name + "; build it again");
            }
            Files.createDirectories(copy.getParent());
            Files.copy(resource, copy);
            return copy;
        } catch (IOException failed) {
            throw new BenchException(copy + " could not be written", failed);
        }
    }

    private static boolean compile(String compiler, Path folder, Path source, Path executable) {
        Process process;
        try {
            List<String> command = new ArrayList<>(List.of(compiler));
            command.addAll(OPTIONS);
            command.addAll(List.of("-I", folder.toString(), source.toString(), "-o", executable.toString()));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            return false;
        }
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new BenchException(compiler + " could not compile " + source + ": " + said);
            }
            return true;
        } catch (IOException | InterruptedException failed) {
            throw new BenchException(compiler + " was interrupted", failed);
        }
    }
}
