package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.cli.CliProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mortmain lock} from end to end: how it waits, and how time-outs and signals end it. */
class LockWaitTest {
    private static final String NOT_RUN = "mortmain: Ended by signal 15 before the command ran.\n";

    private final LockScene lock = new LockScene();

    @AfterEach
    void removeFile() throws IOException {
        lock.remove();
    }

    @Test
    void shouldEndItsWaitInTime() {
        try (Region region = lock.create();
                Hold hold = region.mutex("lock").lock()) {
            assertThat(hold.predecessorDied()).isFalse();
            assertRefused(lock.run("--timeout", "0", "--", "echo"), 5, "somebody holds it");
            assertRefused(lock.run("--timeout", "100ms", "--", "echo"), 5, "somebody holds it");
        }
        try (CliProcess holder = lock.startShell("echo; exec sleep 600")) {
            holder.expect("");
            holder.signal("KILL");
            Result late = lock.run("--timeout=200ms", "--", "echo", "not run");
            assertThat(late.exitCode()).isEqualTo(5);
            assertThat(late.out()).isEmpty();
            assertThat(late.err()).contains("its last holder died, but the command in process group ");
            killGroupNamedIn(late.err());
        }
        assertThat(lock.recorded(LockScene.DEATH)).as("the next is told").isEqualTo(1);
    }

    private static void killGroupNamedIn(String message) {
        String group = message.replaceAll("(?s).*process group ([0-9]+).*", "$1");
        assertThat(CliProcess.run(List.of("kill", "-9", "--", "-" + group), Map.of())
                        .exitCode())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15", "INT, 2", "HUP, 1"})
    void shouldPassSignalsOn(String signal, int number) throws IOException {
        assumeTrue(!isIgnoredHere(number), "under nohup, or in the background of a script, children ignore it too");
        try (CliProcess running =
                lock.startShell("trap 'echo got; exit 9' " + signal + "; echo ready; while :; do sleep 0.05; done")) {
            running.expect("ready");
            running.signal(signal);
            Result result = running.result();
            assertThat(result.exitCode()).as("its own").isEqualTo(9);
            assertThat(result.out()).isEqualTo("got\n");
        }
    }

    private static boolean isIgnoredHere(int signal) throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) >>> (signal - 1) & 1) != 0;
    }

    @Test
    void shouldGiveTheSignalThatKilledTheCommand() {
        try (CliProcess running = lock.startShell("echo ready; exec sleep 600")) {
            running.expect("ready");
            running.signal("TERM");
            assertThat(running.result()).isEqualTo(new Result(128 + 15, "", ""));
        }
    }

    /** However the recovery ends; the death is dealt with if it ended well. */
    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 3, 1", "kill -9 $$, 1"})
    void shouldNotBeginTheCommandAfterASignal(String end, int deathPending) {
        try (Region region = lock.create()) {
            LockScene.record(region, LockScene.DEATH, 1);
        }
        String recovery = "trap 'echo trapped; " + end + "' TERM; echo ready; while :; do sleep 0.05; done";
        try (CliProcess running = lock.start("--recover", recovery, "--", "echo", "not run")) {
            running.expect("ready");
            running.signal("TERM");
            Result result = running.result();
            assertThat(result.exitCode()).isEqualTo(128 + 15);
            assertThat(result.out()).isEqualTo("trapped\n");
            assertThat(result.err()).endsWith(NOT_RUN); // the shell may say how its sleep ended
        }
        assertThat(lock.recorded(LockScene.DEATH)).isEqualTo(deathPending);
        assertThat(lock.recorded(LockScene.GROUP)).isZero();
    }

    @Test
    void shouldEndByASignalWhileItWaits() throws InterruptedException {
        try (Region region = lock.create();
                Hold hold = region.mutex("lock").lock();
                CliProcess waiter = lock.startShell("echo not run")) {
            assertThat(hold.predecessorDied()).isFalse();
            lock.awaitWaiter(waiter);
            waiter.signal("TERM");
            assertThat(waiter.result()).isEqualTo(new Result(128 + 15, "", NOT_RUN));
        }
    }

    @Test
    void shouldTakeTheLockOfTheRegionThatHasTheName() throws InterruptedException {
        try (Region first = lock.create()) {
            Hold held = first.mutex("lock").lock();
            try (CliProcess waiter = lock.startShell("echo in")) {
                lock.awaitWaiter(waiter);
                Region.delete(lock.name);
                try (Region second = lock.create();
                        Hold hold = second.mutex("lock").lock()) {
                    held.close();
                    lock.awaitWaiter(waiter);
                    assertThat(hold.predecessorDied()).isFalse();
                }
                assertThat(waiter.result()).isEqualTo(new Result(0, "in\n", ""));
            }
        }
    }
}
