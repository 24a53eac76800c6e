package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first program of the README, run as the README says: twice, and one of the two killed. */
class ReadmeTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PROGRAM = PROJECT.resolve("examples/java/FirstProgram.java");

    @Test
    void shouldShowTheFirstProgramAsItIs() throws IOException {
        assertThat(Files.readString(PROJECT.resolve("README.md")))
                .contains("```java\n" + Files.readString(PROGRAM) + "```");
    }

    @Test
    void shouldTellTheSecondWhenTheFirstIsKilled(@TempDir Path folder) throws IOException {
        try (TestRegion name = new TestRegion()) {
            Path program = folder.resolve("FirstProgram.java");
            Files.writeString(program, Files.readString(PROGRAM).replace("\"bank\"", "\"" + name.name() + "\""));
            try (TestProcess first = start(program)) {
                first.expect("alice -1, bob 1");
                try (TestProcess second = start(program)) {
                    stopWhileItHolds(first, name);
                    first.kill();
                    assertThat(second.expect("told:")).startsWith("told: Death[threadId=OptionalInt[");
                    assertThat(second.next()).matches("alice -(\\d+), bob \\1");
                }
            }
        }
    }

    /** Each of the two holds the mutex half of the time, so a few attempts do. */
    private static void stopWhileItHolds(TestProcess process, TestRegion name) {
        while (true) {
            process.stop();
            int holder = Region.inspect(name.name()).objects().stream()
                    .flatMap(object -> object.mutex().stream())
                    .findFirst()
                    .orElseThrow()
                    .holder()
                    .orElse(0);
            if (Files.exists(Path.of("/proc", Long.toString(process.pid()), "task", Integer.toString(holder)))) {
                return;
            }
            process.signal("CONT");
            process.expect("alice"); // it got its turn again
        }
    }

    private static TestProcess start(Path program) {
        return TestProcess.start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-p",
                Path.of("target", "classes").toAbsolutePath().toString(),
                "--add-modules",
                "io.mortmain",
                "--enable-native-access=io.mortmain",
                program.toString()));
    }
}
