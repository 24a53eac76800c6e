package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.MutexSnapshot;
import io.mortmain.cli.CliProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code mortmain lock} as a job of a shell at a terminal: the command has the terminal while the shell gives it to the job. */
class LockTerminalTest {
    private final LockScene lock = new LockScene();

    @AfterEach
    void removeFile() throws IOException {
        lock.remove();
    }

    @Test
    void shouldBehaveAsTheJobThatTheShellTakesItFor() {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is a shell with job control");
        List<String> command = new ArrayList<>(List.of("python3", "src/test/resources/terminal.py"));
        command.addAll(lock.command("--"));
        Result result = CliProcess.run(command, Map.of());
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines())
                .containsExactly(
                        "reads: got first",
                        "ctrl-c: 130",
                        "ctrl-z: [1]+",
                        "the shell: has the terminal",
                        "fg: second",
                        "its code: 3",
                        "in the background: the shell has the terminal",
                        "fg: third",
                        "after an end in the background: fourth");
        assertThat(lock.mutex().state()).isEqualTo(MutexSnapshot.State.FREE);
    }
}
