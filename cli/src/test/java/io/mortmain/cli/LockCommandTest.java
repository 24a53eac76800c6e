package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.Hold;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.cli.CliProcess.Result;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain lock} from end to end. */
class LockCommandTest {
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String TOLD = "env | grep '^MORTMAIN_PREDECESSOR_' | sort";

    private final String name =
            "mortmain-test-lock-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

    @TempDir
    private Path folder;

    @AfterEach
    void removeFile() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm", name));
    }

    @Test
    void shouldGiveTheCommandItsStreamsAndPassOnItsExitCode() {
        assertThat(shell("echo out; echo err >&2; exit 42")).isEqualTo(new Result(42, "out\n", "err\n"));
        assertThat(shell("exit 0")).isEqualTo(new Result(0, "", ""));
        assertThat(Region.inspect(name).mode()).isEqualTo(0600);
    }

    @Test
    void shouldReadStandardInput() {
        List<String> piped = new ArrayList<>(List.of("sh", "-c", "echo through | \"$@\"", "sh"));
        piped.addAll(CliProcess.command("lock", name, "--", "cat"));
        assertThat(CliProcess.run(piped, Map.of())).isEqualTo(new Result(0, "through\n", ""));
    }

    @Test
    void shouldPassArgumentsByteForByte() throws IOException {
        Path program = folder.resolve("main");
        Files.writeString(
                program, "#!/bin/sh\nfor a in \"$@\"; do printf '<%s>' \"$a\"; done | od -An -tx1 | tr -d ' \\n'\n");
        program.toFile().setExecutable(true);
        String odd = "'a  b' '' '\"' \"'\" '@x' '$HOME' '--json' '--' '-h' \"$(printf '\\377\\303\\244')\" '\\'";
        for (String locale : List.of("C", "C.UTF-8")) {
            List<String> script = new ArrayList<>(List.of("sh", "-c", "\"$@\" " + odd, "sh"));
            script.addAll(CliProcess.command("lock", name, "--", program.toString()));
            Result result = CliProcess.run(script, Map.of("LC_ALL", locale));
            byte[] expected = "<a  b><><\"><'><@x><$HOME><--json><--><-h><\377\303\244><\\>"
                    .getBytes(StandardCharsets.ISO_8859_1);
            assertThat(result).isEqualTo(new Result(0, HexFormat.of().formatHex(expected) + "\n", ""));
        }
    }

    @Test
    void shouldPassTheEnvironmentOnWithoutTheDeathOfAnOuterLock() {
        List<String> command = CliProcess.command("lock", name, "--", "sh", "-c", "echo $ODD; " + TOLD);
        Map<String, String> outer = Map.of("ODD", "x=y", "MORTMAIN_PREDECESSOR_DIED", "1");
        assertThat(CliProcess.run(command, outer).out()).isEqualTo("x=y\n");
    }

    @Test
    void shouldSayWhatCannotBeRun() throws IOException {
        assertRefused(
                CliProcess.run("lock", name, "--", "mortmain-test-none"),
                127,
                "mortmain-test-none: there is no such file");
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        assertRefused(CliProcess.run("lock", name, "--", plain.toString()), 126, "permission is denied");
        assertThat(shell("exit 0").exitCode()).as("free again").isZero();
    }

    @Test
    void shouldTellOfACommandThatWasKilledUntilOneEndsWell() {
        Result killed = shell("echo $$; kill -9 $$");
        assertThat(killed.exitCode()).isEqualTo(128 + 9);
        String told = "MORTMAIN_PREDECESSOR_DIED=1\nMORTMAIN_PREDECESSOR_HOW=signal 9\nMORTMAIN_PREDECESSOR_PID="
                + killed.out();
        assertThat(shell(TOLD + "; exit 3")).isEqualTo(new Result(3, told, ""));
        assertThat(shell(TOLD + "; exit 0")).isEqualTo(new Result(0, told, ""));
        assertThat(shell(TOLD)).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void shouldTellThatTheLockDiedAndWaitForItsCommand() throws IOException {
        Path log = folder.resolve("log");
        try (CliProcess first = start("echo $$; sleep 1; echo first >>\"$0\"", log.toString())) {
            String pid = first.expect("");
            first.signal("KILL");
            Result next = shell("echo second >>\"$0\"; " + TOLD, log.toString());
            assertThat(next.exitCode()).isZero();
            assertThat(next.out())
                    .isEqualTo(
                            "MORTMAIN_PREDECESSOR_DIED=1\nMORTMAIN_PREDECESSOR_HOW=lock died\nMORTMAIN_PREDECESSOR_PID="
                                    + pid + "\n");
            assertThat(next.err())
                    .startsWith("mortmain: the last holder of lock " + name + " died, but its command still runs");
        }
        assertThat(Files.readAllLines(log)).containsExactly("first", "second");
        assertThat(shell(TOLD)).isEqualTo(new Result(0, "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "setsid "})
    void shouldWaitForWhatADeadHolderLeftRunning(String leaving) throws IOException {
        // without setsid a child of the command, which has ended; with it the command itself, in a session of its own
        Path log = folder.resolve("log");
        String child = "(echo ready; sleep 1; echo first >>\"$0\")";
        List<String> arguments = new ArrayList<>(List.of("lock", name, "--"));
        if (leaving.isEmpty()) {
            arguments.addAll(List.of("sh", "-c", child + " & sleep 0.3", log.toString()));
        } else {
            arguments.addAll(List.of("setsid", "sh", "-c", child, log.toString()));
        }
        try (CliProcess first = CliProcess.start(CliProcess.command(arguments.toArray(new String[0])), Map.of())) {
            first.expect("ready");
            first.signal("KILL");
            assertThat(shell("echo second >>\"$0\"", log.toString()).exitCode()).isZero();
        }
        assertThat(Files.readAllLines(log)).containsExactly("first", "second");
    }

    @Test
    void shouldNotWaitForZombies() {
        // the command's parent is then one that never reaps it, as the first process of some containers
        String reaper = """
                import ctypes, subprocess, sys
                PR_SET_CHILD_SUBREAPER = 36
                assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
                lock = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
                lock.stdout.readline()
                lock.kill()
                lock.wait()
                print("dead", flush=True)
                sys.stdin.read()
                """;
        List<String> command = new ArrayList<>(List.of("python3", "-c", reaper));
        command.addAll(CliProcess.command("lock", name, "--", "sh", "-c", "echo; exec sleep 0.3"));
        try (CliProcess parent = CliProcess.start(command, Map.of())) {
            parent.expect("dead");
            assertThat(CliProcess.run("lock", name, "--timeout", "30s", "--", "echo", "in")
                            .out())
                    .isEqualTo("in\n");
        }
    }

    @Test
    void shouldRunTheRecoveryFirst() {
        assertThat(shell("kill -9 $$").exitCode()).isEqualTo(137);
        String[] failing = {
            "lock", name, "--recover", "echo trying $MORTMAIN_PREDECESSOR_DIED; exit 3", "--", "echo", "not run"
        };
        Result failed = CliProcess.run(failing);
        assertThat(failed.exitCode()).isEqualTo(7);
        assertThat(failed.out()).isEqualTo("trying 1\n");
        assertThat(failed.err())
                .startsWith("mortmain: The recovery failed with exit code 3")
                .hasLineCount(1);
        String[] good = {
            "lock", name, "--recover", "echo repaired", "--", "sh", "-c", "echo told $MORTMAIN_PREDECESSOR_DIED; exit 4"
        };
        assertThat(CliProcess.run(good)).isEqualTo(new Result(4, "repaired\ntold 1\n", ""));
        assertThat(CliProcess.run(good)).as("dealt with").isEqualTo(new Result(4, "told\n", ""));
    }

    @Test
    void shouldEndItsWaitInTime() {
        try (CliProcess holder = start("echo; sleep 60")) {
            holder.expect("");
            for (String time : List.of("0", "100ms", "0.1s", "0.1")) {
                assertRefused(CliProcess.run("lock", name, "--timeout", time, "--", "echo"), 5, "somebody holds it");
            }
            holder.signal("KILL");
            Result late = CliProcess.run("lock", name, "--timeout=200ms", "--", "echo", "not run");
            assertThat(late.exitCode()).isEqualTo(5);
            assertThat(late.out()).isEmpty();
            assertThat(late.err()).contains("its last holder died, but the command in process group ");
            killGroupNamedIn(late.err());
            assertThat(shell(TOLD).out()).contains("HOW=lock died");
        }
    }

    private static boolean isIgnoredHere(int signal) throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) >>> (signal - 1) & 1) != 0;
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15", "INT, 2", "HUP, 1"})
    void shouldPassSignalsOn(String signal, int number) throws IOException {
        assumeTrue(!isIgnoredHere(number), "under nohup, or in the background of a script, children ignore it too");
        try (CliProcess lock =
                start("trap 'echo got; exit 9' " + signal + "; echo ready; while :; do sleep 0.05; done")) {
            lock.expect("ready");
            lock.signal(signal);
            Result result = lock.result();
            assertThat(result.exitCode()).as("its own").isEqualTo(9);
            assertThat(result.out()).isEqualTo("got\n");
        }
        try (CliProcess lock = start("echo ready; exec sleep 60")) {
            lock.expect("ready");
            lock.signal(signal);
            assertThat(lock.result().exitCode()).isEqualTo(128 + number);
        }
    }

    @Test
    void shouldEndByASignalWhileItWaits() throws InterruptedException {
        try (CliProcess holder = start("echo; sleep 60")) {
            holder.expect("");
            try (CliProcess waiter = start("echo not run")) {
                awaitWaiter(waiter);
                waiter.signal("TERM");
                assertThat(waiter.result())
                        .isEqualTo(new Result(128 + 15, "", "mortmain: Ended by signal 15 before the command ran.\n"));
            }
            holder.signal("TERM");
            assertThat(holder.result().exitCode()).isEqualTo(128 + 15);
        }
    }

    @Test
    void shouldRefuseWhatIsNotRecoverable() throws InterruptedException {
        assertThat(shell("exit 0").exitCode()).isZero();
        try (Region region = Region.open(name)) {
            RobustMutex mutex = region.mutex("lock");
            Thread dying = new Thread(mutex::lock);
            dying.start();
            dying.join();
            try (Hold told = mutex.lock()) {
                assertThat(told.predecessorDied()).isTrue();
            }
        }
        assertRefused(CliProcess.run("lock", name, "--", "true"), 6, "'mortmain reset " + name + " lock'");
        assertThat(CliProcess.run("reset", name, "lock").exitCode()).isZero();
        assertThat(shell("exit 0").exitCode()).isZero();
    }

    @Test
    void shouldTellOfTheDeathOfAnotherProgram() throws InterruptedException {
        assertThat(shell("exit 0").exitCode()).isZero();
        Region region = Region.open(name);
        Thread dying = new Thread(region.mutex("lock")::lock);
        dying.start();
        dying.join();
        closeOnceTheKernelHasMarked(region);
        assertThat(shell(TOLD).out()).matches("MORTMAIN_PREDECESSOR_DIED=1\nMORTMAIN_PREDECESSOR_PID=[0-9]+\n");
    }

    /** A thread can be joined before the kernel has given back what it held. */
    private static void closeOnceTheKernelHasMarked(Region region) {
        long start = System.nanoTime();
        while (true) {
            try {
                region.close();
                return;
            } catch (RegionException stillHeld) {
                if (System.nanoTime() - start > GUARD_NANOS) {
                    throw stillHeld;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldTakeTheLockOfTheRegionThatHasTheName() throws InterruptedException {
        try (CliProcess holder = start("echo; sleep 60")) {
            holder.expect("");
            try (CliProcess waiter = start("echo in")) {
                awaitWaiter(waiter);
                Region.delete(name);
                assertThat(shell("exit 0").exitCode()).as("a new one").isZero();
                try (Region region = Region.open(name);
                        Hold hold = region.mutex("lock").lock()) {
                    holder.signal("TERM");
                    awaitWaiter(waiter);
                    assertThat(hold.predecessorDied()).isFalse();
                }
                assertThat(waiter.result()).isEqualTo(new Result(0, "in\n", ""));
            }
        }
    }

    @Test
    void shouldRefuseWrongArguments() {
        assertRefused(CliProcess.run("lock", name), Main.USAGE, "CMD");
        assertRefused(CliProcess.run("lock", name, "ls", "--nope"), Main.USAGE, "'--nope'");
        for (String time : List.of("soon", "-1", "1 s", "1e9", "99999999h", "")) {
            assertRefused(CliProcess.run("lock", name, "--timeout=" + time, "--", "true"), Main.USAGE, "--timeout");
        }
        assertRefused(CliProcess.run("lock", name, "--mode", "0999", "--", "true"), Main.USAGE, "--mode is 0999");
        assertRefused(CliProcess.run("lock", "/no/folder/x", "--", "true"), Main.NOT_FOUND, "there is no such file");
        assertThat(Path.of("/dev/shm", name)).doesNotExist();
    }

    private Result shell(String script, String... arguments) {
        try (CliProcess started = start(script, arguments)) {
            return started.result();
        }
    }

    private CliProcess start(String script, String... arguments) {
        List<String> command = new ArrayList<>(CliProcess.command("lock", name, "--", "sh", "-c", script));
        command.addAll(List.of(arguments));
        return CliProcess.start(command, Map.of());
    }

    private void awaitWaiter(CliProcess waiter) throws InterruptedException {
        while (!hasWaiters()) {
            assertThat(waiter.handle().isAlive()).as("it waits").isTrue();
            Thread.sleep(10);
        }
    }

    private static void killGroupNamedIn(String message) {
        String group = message.replaceAll("(?s).*process group ([0-9]+).*", "$1");
        assertThat(CliProcess.run(List.of("kill", "-9", "--", "-" + group), Map.of())
                        .exitCode())
                .isZero();
    }

    private boolean hasWaiters() {
        return Region.inspect(name).objects().stream()
                .flatMap(object -> object.mutex().stream())
                .anyMatch(MutexSnapshot::waiters);
    }

    private static void assertRefused(Result result, int exitCode, String because) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("mortmain: ").contains(because);
        assertThat(result.err().lines()).hasSize(1);
    }
}
