package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each help text as it was read and approved. */
class HelpTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo", "torture", "claims", "explore", "ls", "inspect", "get", "set", "reset", "rm", "lock", "doctor"
            })
    void shouldBeTheApprovedText(String command) throws IOException {
        StringWriter out = new StringWriter();
        int exitCode = Main.commandLine().setOut(new PrintWriter(out, true)).execute(command, "--help");
        assertThat(exitCode).isEqualTo(Main.OK);
        assertThat(out.toString().replaceAll("(?m) +$", "")).isEqualTo(approved(command));
    }

    private static String approved(String command) throws IOException {
        try (InputStream text = HelpTest.class.getResourceAsStream("help/" + command + ".txt")) {
            assertThat(text).as("help/%s.txt", command).isNotNull();
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
