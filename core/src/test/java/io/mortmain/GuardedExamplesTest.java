package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guarded bank of the examples, in C and in Java, at work on the same record: each is killed, and the other goes on. */
class GuardedExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath();
    private static final int ATTEMPTS = 5_000;
    private static final Duration GUARD = Duration.ofSeconds(TestProcess.GUARD_SECONDS);

    /** As in GuardedBank.java. */
    record Bank(long alice, long bob) {
        boolean isWhole() {
            return alice + bob == 0;
        }
    }

    @Test
    void shouldGoOnWithWholeBalancesWhoeverIsKilled() throws Exception {
        try (TestRegion name = new TestRegion();
                TestProcess java = startJava(name.name());
                TestProcess c = startC(name.name());
                Region region = Region.open(name.name())) {
            Guarded<Bank> accounts = region.guarded("accounts", new Bank(0, 0));
            killBetweenItsStores(c, name);
            requireProgress(accounts);
            assertThat(java.isAlive()).isTrue();
            try (TestProcess anotherC = startC(name.name())) {
                java.kill();
                requireProgress(accounts);
                assertThat(anotherC.isAlive()).isTrue();
            }
            assertThat(accounts.get().isWhole()).isTrue();
        }
    }

    private static TestProcess startJava(String region) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        TestProcess process = TestProcess.start(List.of(
                java.toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-p",
                Path.of("target", "classes").toAbsolutePath().toString(),
                "--add-modules",
                "io.mortmain",
                "--enable-native-access=io.mortmain",
                EXAMPLES.resolve("java").resolve("GuardedBank.java").toString(),
                region));
        process.expect("Java: at work");
        return process;
    }

    private static TestProcess startC(String region) {
        Path program = CProgram.compileSource(EXAMPLES.resolve("c").resolve("guarded.c"));
        TestProcess process = TestProcess.start(List.of(program.toString(), region));
        process.expect("C: at work");
        return process;
    }

    /** Stops it again and again until it stands still while a transaction is under way: with Java's, which is short, hardly ever. */
    private static void killBetweenItsStores(TestProcess process, TestRegion name) throws IOException {
        long block = Region.inspect(name.name()).objects().getFirst().offset();
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "r")) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                process.stop();
                file.seek(block + GuardedBlockLayout.JOURNAL_USED);
                if (file.readInt() != 0) {
                    process.kill();
                    return;
                }
                process.signal("CONT");
            }
        }
        throw new AssertionError("never found between its stores");
    }

    private static void requireProgress(Guarded<Bank> accounts) throws InterruptedException {
        long bob = accounts.get().bob();
        assertThat(accounts.await(now -> now.bob() >= bob + 10, GUARD))
                .hasValueSatisfying(now -> assertThat(now.isWhole()).isTrue());
    }
}
