package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.CliProcess.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when standard output cannot be written. */
class OutputTest {
    private static final String SENTENCE = "mortmain: stdout cannot be written.\n";

    @ParameterizedTest
    @ValueSource(strings = {"ls --json", "--version", "ls --help", "demo --seconds=1 --json", "demo --seconds=600"})
    void shouldFailWhenTheDiskIsFull(String arguments) {
        assertThat(run("exec \"$@\" >/dev/full", arguments)).isEqualTo(new Result(Main.FAILED, "", SENTENCE));
    }

    @Test
    void shouldFailWhenStandardOutputIsClosed() {
        assertThat(run("exec \"$@\" >&-", "ls --json")).isEqualTo(new Result(Main.FAILED, "", SENTENCE));
    }

    @Test
    void shouldEndTheDemoWhenItsReaderIsGone() {
        Result result = run("{ \"$@\"; echo ended with $? >&2; } | head -n 1", "demo --seconds=600 --seed=7");
        assertThat(result).isEqualTo(new Result(0, "Seed 7.\n", SENTENCE + "ended with 1\n"));
    }

    private static Result run(String script, String arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(CliProcess.command(arguments.split(" ")));
        return CliProcess.run(command, Map.of());
    }
}
