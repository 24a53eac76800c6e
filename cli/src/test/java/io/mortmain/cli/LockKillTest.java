package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code mortmain lock} is killed by SIGKILL at random moments while its command, and another {@code mortmain lock}, runs: no two commands
 * ever run at once, and nobody hangs. 25 kills; {@code -Dtest=LockKillTest -Dmortmain.soak=true} does 100.
 */
class LockKillTest {
    private static final int KILLS = Boolean.getBoolean("mortmain.soak") ? 100 : 25;
    /** Says when it begins and ends. */
    private static final String COMMAND = "echo in $$ >>\"$0\"; echo begun; sleep 0.$1; echo out $$ >>\"$0\"";

    private final String name =
            "mortmain-test-lock-kill-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    private final long seed = Long.getLong("io.mortmain.test.seed", System.nanoTime());
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger killsOfHolders = new AtomicInteger();

    @TempDir
    private Path folder;

    private Path log;

    @BeforeEach
    void createLog() throws IOException {
        log = Files.createFile(folder.resolve("log"));
    }

    @AfterEach
    void removeFile() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm", name));
    }

    @Test
    void shouldLetNobodyInWhileACommandRuns() throws Exception {
        System.out.println("killing with -Dio.mortmain.test.seed=" + seed);
        try (ExecutorService killers = Executors.newFixedThreadPool(2)) {
            Future<?> one = killers.submit(() -> killAtRandom(new Random(seed)));
            Future<?> other = killers.submit(() -> killAtRandom(new Random(~seed)));
            one.get(CliProcess.GUARD_SECONDS * 4L, TimeUnit.SECONDS);
            other.get(CliProcess.GUARD_SECONDS * 4L, TimeUnit.SECONDS);
        }
        assertThat(CliProcess.run(command(1)).exitCode()).as("nobody hangs").isZero();
        List<String> said = Files.readAllLines(log);
        System.out.println("LockKillTest: " + kills + " killed, " + killsOfHolders + " of them while a command ran, "
                + said.size() / 2 + " commands");
        assertThat(said.size() % 2).isZero();
        for (int i = 0; i < said.size(); i += 2) {
            assertThat(said.get(i)).as("line %d, seed %d", i, seed).startsWith("in ");
            assertThat(said.get(i + 1)).isEqualTo(said.get(i).replace("in ", "out "));
        }
        assertThat(killsOfHolders.get()).as("kills that count").isGreaterThan(KILLS / 10);
    }

    /** One of two; the other's process is the contender. */
    private Void killAtRandom(Random random) throws Exception {
        while (kills.get() < KILLS) {
            try (CliProcess lock = CliProcess.start(CliProcess.command(command(1 + random.nextInt(3))), Map.of())) {
                // two of three while its command runs, and the other waits for the lock
                if (random.nextInt(3) > 0) {
                    lock.expect("begun");
                    Thread.sleep(random.nextInt(50));
                } else {
                    Thread.sleep(random.nextInt(1000));
                }
                if (lock.handle().isAlive()) {
                    lock.signal("KILL");
                    countHolder();
                }
            }
        }
        return null;
    }

    private void countHolder() throws IOException {
        kills.incrementAndGet();
        List<String> said = Files.readAllLines(log);
        if (!said.isEmpty() && said.getLast().startsWith("in ")) {
            killsOfHolders.incrementAndGet();
        }
    }

    private String[] command(int hundredths) {
        return new String[] {"lock", name, "--", "sh", "-c", COMMAND, log.toString(), Integer.toString(hundredths)};
    }
}
