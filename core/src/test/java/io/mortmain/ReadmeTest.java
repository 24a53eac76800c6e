package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first programs of the README, run as the README says: twice, and one of the two killed. */
class ReadmeTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path EXAMPLES = PROJECT.resolve("examples/java");

    @ParameterizedTest
    @ValueSource(strings = {"FirstProgram.java", "OnlyALock.java"})
    void shouldShowTheProgramsAsTheyAre(String program) throws IOException {
        assertThat(Files.readString(PROJECT.resolve("README.md")))
                .contains("```java\n" + Files.readString(EXAMPLES.resolve(program)) + "```");
    }

    @Test
    void shouldShowAPieceOfTheTourAsItIs() throws IOException {
        String tour = Files.readString(EXAMPLES.resolve("GuardedTour.java"));
        Matcher shown = Pattern.compile("can do more.*?```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PROJECT.resolve("README.md")));
        assertThat(shown.find()).isTrue();
        assertThat(tour).contains(shown.group(1));
    }

    @Test
    void shouldDoWhatTheTourSays() {
        try (TestRegion name = new TestRegion();
                TestProcess tour = start(EXAMPLES.resolve("GuardedTour.java"), name.name())) {
            for (String line : List.of("name Ann Lee", "balances 70 and 130", "saved 50", "list 3 2 1", "hits 1")) {
                assertThat(tour.next()).isEqualTo(line);
            }
        }
    }

    @Test
    void shouldGoOnWithWholeDataWhenTheOtherIsKilled(@TempDir Path folder) throws IOException {
        try (TestRegion name = new TestRegion()) {
            Path program = copy("FirstProgram.java", "\"bank\"", name, folder);
            try (TestProcess first = start(program)) {
                first.expect("Bank[alice=999, bob=1]");
                try (TestProcess second = start(program)) {
                    stopWhileItHolds(first, name, "Bank");
                    first.kill();
                    Pattern bank = Pattern.compile("Bank\\[alice=(-?\\d+), bob=(-?\\d+)]");
                    for (int i = 0; i < 3; i++) {
                        Matcher said = bank.matcher(second.next());
                        assertThat(said.matches()).isTrue();
                        assertThat(Long.parseLong(said.group(1)) + Long.parseLong(said.group(2)))
                                .isEqualTo(1_000);
                    }
                }
            }
        }
    }

    @Test
    void shouldTellTheSecondWhenTheFirstIsKilled(@TempDir Path folder) throws IOException {
        try (TestRegion name = new TestRegion()) {
            Path program = copy("OnlyALock.java", "Region.openOrCreate(\"book\"", name, folder);
            try (TestProcess first = start(program)) {
                first.expect("alice -1, bob 1");
                try (TestProcess second = start(program)) {
                    stopWhileItHolds(first, name, "alice");
                    first.kill();
                    assertThat(second.expect("told:")).startsWith("told: Death[threadId=OptionalInt[");
                    assertThat(second.next()).matches("alice -(\\d+), bob \\1");
                }
            }
        }
    }

    private static Path copy(String program, String named, TestRegion name, Path folder) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(program));
        assertThat(text).contains(named);
        String changed = named.replaceFirst("\"\\w+\"$", "\"" + name.name() + "\"");
        return Files.writeString(folder.resolve(program), text.replace(named, changed));
    }

    /** Each of the two holds the mutex half of the time, so a few attempts do. */
    private static void stopWhileItHolds(TestProcess process, TestRegion name, String turn) {
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
            process.expect(turn); // it got its turn again
        }
    }

    private static TestProcess start(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-p",
                Path.of("target", "classes").toAbsolutePath().toString(),
                "--add-modules",
                "io.mortmain",
                "--enable-native-access=io.mortmain",
                program.toString()));
        command.addAll(List.of(arguments));
        return TestProcess.start(command);
    }
}
