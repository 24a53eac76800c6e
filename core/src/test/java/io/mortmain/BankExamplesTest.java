package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.CProgram;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The three bank programs of the examples, in C, Python and Java, at work on the same two accounts at once. They are killed one after the
 * other, each between its two stores, and the survivors are told and repair.
 */
class BankExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath();
    private static final int ATTEMPTS = 5_000;
    private static final int ALICE = 0;
    private static final int BOB = 1;

    /** The programs, under the names that they say. */
    enum Teller {
        C,
        PYTHON,
        JAVA;

        String says(String what) {
            return (this == C ? "C" : this == PYTHON ? "Python" : "Java") + ": " + what;
        }
    }

    @ParameterizedTest(name = "killed: {0}, then {1}, then {2}")
    @CsvSource({"C,PYTHON,JAVA", "JAVA,C,PYTHON", "PYTHON,JAVA,C"})
    void shouldTellTheSurvivorsAndKeepTheMoneyTogether(Teller first, Teller second, Teller last)
            throws InterruptedException {
        Map<Teller, TestProcess> tellers = new EnumMap<>(Teller.class);
        try (TestRegion name = new TestRegion()) {
            startAll(tellers, name.name());
            try (Region region = Region.open(name.name())) {
                MemorySegment accounts = region.memory("accounts", 2 * Long.BYTES);
                RobustMutex book = region.mutex("book");
                killBetweenItsStores(tellers.get(first), name, accounts);
                awaitEither(second, last, tellers);
                requireTogether(book, accounts);

                killBetweenItsStores(tellers.get(second), name, accounts);
                tellers.get(last).expect(last.says("told of a death"));
                requireTogether(book, accounts);

                killBetweenItsStores(tellers.get(last), name, accounts);
                try (Hold hold = book.tryLock(Duration.ofSeconds(TestProcess.GUARD_SECONDS))) {
                    assertThat(hold).isNotNull();
                    assertThat(hold.predecessorDied()).isTrue();
                    hold.markConsistent();
                }
            }
        } finally {
            tellers.values().forEach(TestProcess::close);
        }
    }

    /** Java first: it creates the region. */
    private static void startAll(Map<Teller, TestProcess> tellers, String region) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path classes = Path.of("target", "classes").toAbsolutePath();
        tellers.put(
                Teller.JAVA,
                TestProcess.start(List.of(
                        java.toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-p",
                        classes.toString(),
                        "--add-modules",
                        "io.mortmain",
                        "--enable-native-access=io.mortmain",
                        EXAMPLES.resolve("java").resolve("Bank.java").toString(),
                        region)));
        tellers.get(Teller.JAVA).expect(Teller.JAVA.says("at work"));
        Path c = CProgram.compileSource(EXAMPLES.resolve("c").resolve("bank.c"));
        tellers.put(Teller.C, TestProcess.start(List.of(c.toString(), region)));
        Path python = EXAMPLES.resolve("python").resolve("bank.py");
        tellers.put(Teller.PYTHON, TestProcess.start(List.of("python3", python.toString(), region)));
        tellers.get(Teller.C).expect(Teller.C.says("at work"));
        tellers.get(Teller.PYTHON).expect(Teller.PYTHON.says("at work"));
    }

    /** Stops the process again and again until it stands still while it holds the lock and money is on its way; then kills it. */
    private static void killBetweenItsStores(TestProcess teller, TestRegion name, MemorySegment accounts) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            teller.stop();
            if (holdsTheBook(teller, name) && together(accounts) != 0) {
                teller.kill();
                return;
            }
            teller.signal("CONT");
        }
        throw new AssertionError("process " + teller.pid() + " was never found between its stores");
    }

    private static boolean holdsTheBook(TestProcess teller, TestRegion name) {
        MutexSnapshot book = Region.inspect(name.name()).objects().stream()
                .filter(object -> object.name().equals("book"))
                .findFirst()
                .flatMap(RegionSnapshot.NamedObject::mutex)
                .orElseThrow();
        return book.holder().isPresent()
                && Files.exists(Path.of(
                        "/proc/" + teller.pid() + "/task/" + book.holder().getAsInt()));
    }

    private static long together(MemorySegment accounts) {
        return accounts.getAtIndex(ValueLayout.JAVA_LONG, ALICE) + accounts.getAtIndex(ValueLayout.JAVA_LONG, BOB);
    }

    /** One of the two is told, and it does not matter which; what it said is read away. */
    private static void awaitEither(Teller one, Teller other, Map<Teller, TestProcess> tellers)
            throws InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
        while (System.nanoTime() - guard < 0) {
            for (Teller teller : List.of(one, other)) {
                if (!tellers.get(teller).isSilent()) {
                    assertThat(tellers.get(teller).next()).startsWith(teller.says("told of a death"));
                    return;
                }
            }
            Thread.sleep(1);
        }
        throw new AssertionError("neither " + one + " nor " + other + " was told");
    }

    /** Whoever was told has repaired before anybody else came in. */
    private static void requireTogether(RobustMutex book, MemorySegment accounts) throws InterruptedException {
        try (Hold hold = book.tryLock(Duration.ofSeconds(TestProcess.GUARD_SECONDS))) {
            assertThat(hold).isNotNull();
            assertThat(hold.predecessorDied()).isFalse();
            assertThat(together(accounts)).isZero();
        }
    }
}
