package io.mortmain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.bench.harness.SpawnBenchmark;
import io.mortmain.bench.harness.SpawnSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command as users give it. */
class BenchMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldMeasureAndWriteRawValuesWhenAskedForOneSection(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("raw.json");

        int exitCode = run("lock --quick --only kill --out " + file);

        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("command: mortmain bench lock --quick --only kill", "Java waits, Java is killed")
                .doesNotContain("Contended:", "Uncontended:");
        assertThat(Files.readString(file))
                .contains("\"command\"", "\"glibc\"", "\"kernel\"", "\"jdk\"", "\"date\"")
                .contains("\"killToToldMicros\"", "\"Java waits, Java is killed\"");
    }

    @Test
    void shouldExplainSectionsAndExitCodesWhenAskedForHelp() {
        assertThat(run("lock --help")).isZero();
        assertThat(out.toString())
                .contains("uncontended, contended, kill, allocation", "--jmh", "--quick", "Exit codes:");
    }

    @Test
    void shouldPrintAloneWhatIsJson() {
        assertThat(run("torn --quick --kills 1 --json")).isZero();
        assertThat(out.toString().strip())
                .startsWith("{\"command\": \"mortmain bench torn --quick --kills 1 --json\"")
                .contains("\"C, robust pthread_mutex_t\": {\"kills\": 1", "\"torn\": 1")
                .endsWith("}");
    }

    @Test
    void shouldMeasureEveryWayToStartProcesses(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("raw.json");
        new SpawnBenchmark(new SpawnSettings(2, 2, 100, 2, 100, 100), new PrintWriter(out)).run("the test", file);
        assertThat(out.toString())
                .contains("command: the test", "MiB resident", "Spawn ", "ProcessBuilder, POSIX_SPAWN (default)")
                .contains("ProcessBuilder, VFORK", "ProcessBuilder, FORK", "raw values: ");
        assertThat(Files.readString(file)).contains("\"small\"", "\"large\"", "\"medianMicrosUntilStarted\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unlock",
                "lock --only nothing",
                "lock --kind fair",
                "lock --out=",
                "lock --rounds 0",
                "lock --rounds 99999999999",
                "lock --slice 10001",
                "lock surplus",
                "lock --jmh --only kill",
                "guarded --rounds 0",
                "guarded --out=",
                "torn --kills 0",
                "torn --kills many",
                "spawn --rounds 0",
                "spawn --out="
            })
    void shouldSayWrongUsageInOneSentenceWhenArgumentsAreWrong(String arguments) {
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString().strip()).startsWith("mortmain: ").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--kind=fair; normal, error-checking, recursive", "--only=fair; uncontended, contended, kill"})
    void shouldListWhatThereIsWhenAWordIsWrong(String argumentAndWords) {
        String[] parts = argumentAndWords.split("; ");
        run("lock " + parts[0]);
        assertThat(err.toString()).contains("there is no fair; give one of " + parts[1]);
    }

    @Test
    void shouldFailWithTheCureWhenTheFileCannotBeWritten(@TempDir Path folder) {
        int exitCode =
                run("lock --only kill --quick --out " + folder.resolve("absent").resolve("raw.json"));

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip()).contains("--out").hasLineCount(1);
        assertThat(out.toString()).doesNotContain("From SIGKILL");
    }

    private int run(String arguments) {
        CommandLine command = BenchMain.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    }
}
