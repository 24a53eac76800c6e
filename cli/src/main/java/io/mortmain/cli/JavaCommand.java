package io.mortmain.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Help and errors of {@code mortmain java}. The launcher script starts a readable program itself, by exec, so that
 * signals reach the program: this command only sees what the launcher did not start.
 */
@Command(
        name = "java",
        description = "Runs a single-file Java program with the library on its module path.",
        footer = {
            "",
            "The program can start with: import module io.mortmain;",
            "The exit code is the program's own; 2 when the file cannot be read."
        })
final class JavaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "FILE.java", description = "The program.")
    private String file;

    @Parameters(index = "1..*", paramLabel = "ARG", arity = "0..*", description = "Passed to the program as they are.")
    List<String> arguments = List.of();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), problem());
    }

    private String problem() {
        if (!file.endsWith(".java")) {
            return Printable.value(file) + " is not a .java file.";
        }
        Path path;
        try {
            path = Path.of(file);
        } catch (InvalidPathException e) {
            return "There is no file " + file + ".";
        }
        if (Files.notExists(path)) {
            return "There is no file " + file + ".";
        }
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            return file + " cannot be read.";
        }
        return "Programs are started by the mortmain launcher script, not by this class.";
    }
}
