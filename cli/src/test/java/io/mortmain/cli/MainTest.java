package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine =
            Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    @Test
    void helpNamesCommandsAndExitCodes() {
        assertThat(commandLine.execute("--help")).isEqualTo(Main.OK);
        assertThat(out.toString()).contains("java", "bench", "0  ok", "1  failed", "2  wrong usage");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionIsTheOneOfTheModule() {
        assertThat(commandLine.execute("--version")).isEqualTo(Main.OK);
        assertThat(out.toString()).matches("mortmain \\d+\\.\\d+\\.\\d+\\S*, Java \\d+\\S*\\R");
    }

    @Test
    void noCommandIsWrongUsage() {
        assertOneSentence(commandLine.execute(), Main.USAGE, "No command given");
    }

    @Test
    void unknownOptionIsWrongUsage() {
        assertOneSentence(commandLine.execute("--nope"), Main.USAGE, "'--nope'");
    }

    @Test
    void unknownCommandIsWrongUsage() {
        assertOneSentence(commandLine.execute("nope"), Main.USAGE, "There is no command nope.");
    }

    @Test
    void unknownOptionOfJavaIsWrongUsage() {
        assertOneSentence(commandLine.execute("java", "--nope"), Main.USAGE, "Unknown option: '--nope'");
    }

    @Test
    void missingProgramIsWrongUsage(@TempDir Path folder) {
        String file = folder.resolve("None.java").toString();
        assertOneSentence(commandLine.execute("java", file), Main.USAGE, "There is no file " + file);
    }

    @Test
    void folderIsNotAProgram(@TempDir Path folder) throws Exception {
        String file = Files.createDirectory(folder.resolve("Folder.java")).toString();
        assertOneSentence(commandLine.execute("java", file), Main.USAGE, file + " cannot be read");
    }

    @Test
    void failureIsOneSentenceWithoutStackTrace() {
        CommandLine failing = Main.configure(new CommandLine(new Failing())).setErr(new PrintWriter(err, true));
        assertOneSentence(failing.execute(), Main.FAILED, "first line second line.");
    }

    private void assertOneSentence(int exitCode, int expected, String text) {
        assertThat(exitCode).isEqualTo(expected);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("mortmain: ").contains(text);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Command(name = "failing")
    static final class Failing implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("first line\n  second line");
        }
    }
}
