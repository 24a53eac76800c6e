package io.mortmain.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.dist.Checkout.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code ./mortmain}, with the jars that this build has just made. */
class LauncherTest {
    private static final String USES_THE_LIBRARY = """
            import module io.mortmain;

            void main(String[] words) {
                var name = "mortmain-test-" + ProcessHandle.current().pid() + "-launcher";
                try (var region = Region.create(name, 0); var hold = region.mutex("mutex").lock()) {
                    IO.println(words[0] + " " + hold.predecessorDied());
                } finally {
                    Region.delete(name);
                }
                System.exit(7);
            }
            """;

    @TempDir
    private Path folder;

    private Path elsewhere;
    private Checkout checkout;

    @BeforeEach
    void makeCheckout() throws Exception {
        checkout = Checkout.in(Files.createDirectory(folder.resolve("check out")));
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    }

    @Test
    void shouldAnswerHelpWithoutABuildWhenTheJarsAreNewer() {
        Result first = checkout.run("--help");
        Result second = checkout.run("--help");
        System.out.println("mortmain --help: " + first.millis() + " ms at first, then " + second.millis() + " ms");
        assertThat(second.exitCode()).as(second.toString()).isZero();
        assertThat(second.out()).startsWith("Usage: mortmain ").contains("demo", "inspect", "bench");
        assertThat(second.err()).isEmpty();
        assertThat(first.out()).isEqualTo(second.out());
        assertThat(checkout.callsOfMaven()).isEmpty();
    }

    @Test
    void shouldFindItsHomeThroughLinksFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), checkout.launcher());
        Path linkToLink = Files.createSymbolicLink(elsewhere.resolve("link to link"), Path.of("link"));
        Result result = checkout.run(elsewhere, linkToLink, "--version");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).startsWith("mortmain ");
        assertThat(checkout.run(folder, link, "nothing").exitCode()).isEqualTo(2);
    }

    @Test
    void shouldRunAProgramOfOneFileWithTheLibraryFromAnotherFolder() {
        Checkout.write(elsewhere.resolve("Program.java"), USES_THE_LIBRARY);
        Result result = checkout.run(elsewhere, checkout.launcher(), "java", "Program.java", "two words");
        assertThat(result.out()).as(result.toString()).isEqualTo("two words false\n");
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(checkout.run("java", "Absent.java"))
                .returns(2, Result::exitCode)
                .returns("", Result::out);
    }

    @Test
    void shouldRunTheBenchmarks() {
        Result result = checkout.run("bench", "lock", "--help");
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).startsWith("Usage: mortmain bench lock ");
        assertThat(checkout.built().resolve("bench"))
                .as("what keeps SLF4J from warning within their output")
                .isDirectoryContaining("glob:**slf4j-nop*.jar");
    }

    /** As flock(1) and rm(1) do; what prints, refuses. */
    @Test
    void shouldLockAndRemoveWithStandardOutputClosed() {
        String name = "mortmain-test-launcher-" + ProcessHandle.current().pid();
        String lock = "\"$0\" lock " + name + " -- sh -c";
        assertThat(runInShell("exec >&-; " + lock + " 'echo ran >&2; exit 9'"))
                .returns(9, Result::exitCode)
                .returns("ran\n", Result::err);
        assertThat(runInShell("exec >&-; " + lock + " 'echo lost' 2>/dev/null").exitCode())
                .isPositive();
        assertThat(runInShell("exec >&-; exec \"$0\" rm " + name))
                .returns(0, Result::exitCode)
                .returns("", Result::err);
        assertThat(Path.of("/dev/shm", name)).doesNotExist();
        for (String printing : new String[] {"ls", "lock --help"}) {
            assertThat(runInShell("exec >&-; exec \"$0\" " + printing))
                    .returns(1, Result::exitCode)
                    .returns("mortmain: stdout cannot be written.\n", Result::err);
        }
    }

    private Result runInShell(String script) {
        return checkout.run(
                folder, Path.of("/bin/sh"), "-c", script, checkout.launcher().toString());
    }

    @Test
    void shouldSayWhatToInstallWhenThereIsNoNewJdk() throws Exception {
        Path places = Files.createDirectory(folder.resolve("jvm"));
        lookForJdksIn(places);
        Path old = folder.resolve("old");
        checkout.writeProgram(old.resolve(Path.of("bin", "java")), "#!/bin/sh\necho old\n");
        checkout.writeProgram(old.resolve(Path.of("bin", "javac")), "#!/bin/sh\necho old\n");
        Checkout.write(old.resolve("release"), "JAVA_VERSION=\"24.0.2\"\n");
        checkout.set("PATH", old.resolve("bin") + ":" + System.getenv("PATH"));
        checkout.set("JAVA_HOME", old.toString());
        checkout.set("HOME", elsewhere.toString());

        Result result = checkout.run("--help");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("mortmain: A JDK 25 or newer is needed: install one (for example Temurin 25)"
                        + " and set JAVA_HOME to its folder.\n");

        Files.createSymbolicLink(places.resolve("new"), Path.of(System.getProperty("java.home")));
        assertThat(checkout.run("--version").out()).startsWith("mortmain ");
    }

    /** The places are absolute and full on some machines: the copy of the launcher gets others. */
    private void lookForJdksIn(Path places) {
        String launcher = Checkout.read(checkout.launcher());
        assertThat(launcher).contains("/usr/lib/jvm/* /opt/* /opt/*/*");
        checkout.writeProgram(
                checkout.launcher(), launcher.replace("/usr/lib/jvm/* /opt/* /opt/*/*", "'" + places + "'/*"));
    }

    @Test
    void shouldBuildOnceWhenASourceIsNewerOrGone() throws Exception {
        assertThat(checkout.run("--version").exitCode()).isZero();
        assertThat(checkout.callsOfMaven()).isEmpty();

        Checkout.write(checkout.source(), "// changed");
        Result built = checkout.run("--version");
        assertThat(built.exitCode()).as(built.toString()).isZero();
        assertThat(built.out()).startsWith("mortmain ");
        assertThat(built.err()).startsWith("mortmain: building").endsWith("mortmain: built.\n");
        assertThat(checkout.callsOfMaven()).hasSize(1).first().asString().contains("-Dmaven.test.skip=true package");

        assertThat(checkout.run("--version").err()).isEmpty();
        assertThat(checkout.callsOfMaven()).hasSize(1);

        Files.delete(checkout.source());
        assertThat(checkout.run("--version").exitCode()).isZero();
        assertThat(checkout.callsOfMaven()).hasSize(2);
    }

    @Test
    void shouldShowTheErrorWhenTheBuildFails() {
        checkout.letMaven("echo '[INFO] fine'; echo '[ERROR] /a/Source.java:[1,2] wrong'; exit 1");
        Checkout.write(checkout.source(), "wrong");
        Result result = checkout.run("--version");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("[ERROR] /a/Source.java:[1,2] wrong\n", "mortmain: The build failed; the whole log is in ")
                .doesNotContain("[INFO]", "built.");
    }
}
