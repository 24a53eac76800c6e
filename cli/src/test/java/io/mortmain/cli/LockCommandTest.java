package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static io.mortmain.cli.LockScene.TOLD;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.cli.CliProcess.Result;
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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain lock} from end to end: the command, what it is given, and what it is told. */
class LockCommandTest {
    private static final String STILL_RUNS = "mortmain: the last holder of lock ";
    private static final String UNTIL_END = "while [ ! -e \"$1\" ]; do sleep 0.02; done";

    private final LockScene lock = new LockScene();

    @TempDir
    private Path folder;

    @AfterEach
    void removeFile() throws IOException {
        lock.remove();
    }

    @Test
    void shouldGiveTheCommandWhatItWasStartedWith() throws IOException {
        Path other = folder.resolve("other");
        String script = "cat; echo err >&2; echo $ODD; " + TOLD + "; echo five >&5; ls -x /proc/$$/fd; exit 42";
        List<String> piped = new ArrayList<>(List.of("sh", "-c", "echo through | \"$@\" 5>" + other, "sh"));
        piped.addAll(lock.command("--", "sh", "-c", script));
        Map<String, String> environment = Map.of("ODD", "x=y", "MORTMAIN_PREDECESSOR_DIED", "1");
        assertThat(CliProcess.run(piped, environment)).isEqualTo(new Result(42, "through\nx=y\n0  1  2  5\n", "err\n"));
        assertThat(other).hasContent("five");
        assertThat(Region.inspect(lock.name).mode()).isEqualTo(0600);
    }

    /** Who ignores it says that the kernel may take the ends of its children, and hands that on. */
    @Test
    void shouldTellTheEndAlsoWhereEndsOfChildrenWereIgnored() {
        String ignore = "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN);"
                + " os.execv(sys.argv[1], sys.argv[1:])";
        List<String> ignoring = new ArrayList<>(List.of("python3", "-c", ignore));
        ignoring.addAll(lock.command("--", "sh", "-c", "exit 42"));
        assertThat(CliProcess.run(ignoring, Map.of())).isEqualTo(new Result(42, "", ""));
    }

    @Test
    void shouldPassOnDescriptorsOfFilesOfAnyName() throws IOException {
        String redirected = "cd \"$0\" && exec \"$@\" 3>own.jar 7>\"$(printf '\\303\\251')\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", redirected, folder.toString()));
        command.addAll(lock.command("--", "sh", "-c", "echo three >&3; echo seven >&7; ls -x /proc/$$/fd"));
        assertThat(CliProcess.run(command, Map.of("LC_ALL", "C"))).isEqualTo(new Result(0, "0  1  2  3  7\n", ""));
        assertThat(folder.resolve("own.jar")).hasContent("three");
    }

    @Test
    void shouldPassOnADescriptorBeyondALimitThatWasLowered() {
        String limited =
                "import os, resource, sys; os.dup2(1, 100); resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64));"
                        + " os.execv(sys.argv[1], sys.argv[1:])";
        List<String> command = new ArrayList<>(List.of("python3", "-c", limited));
        command.addAll(lock.command("--", "sh", "-c", "ls -x /proc/$$/fd"));
        assertThat(CliProcess.run(command, Map.of())).isEqualTo(new Result(0, "0  1  100  2\n", ""));
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
            script.addAll(lock.command("--", program.toString()));
            Result result = CliProcess.run(script, Map.of("LC_ALL", locale));
            byte[] expected = "<a  b><><\"><'><@x><$HOME><--json><--><-h><\377\303\244><\\>"
                    .getBytes(StandardCharsets.ISO_8859_1);
            assertThat(result).isEqualTo(new Result(0, HexFormat.of().formatHex(expected) + "\n", ""));
        }
    }

    @Test
    void shouldSayWhatCannotBeRun() throws IOException {
        assertRefused(lock.run("--", "mortmain-test-none"), 127, "mortmain-test-none: there is no such file");
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        assertRefused(lock.run("--", plain.toString()), 126, "permission is denied");
        assertThat(lock.mutex().state()).isEqualTo(MutexSnapshot.State.FREE);
        assertThat(lock.recorded(LockScene.GROUP)).isZero();
        assertThat(lock.recorded(LockScene.DEATH)).isZero();
    }

    @Test
    void shouldTellOfACommandThatWasKilledUntilOneEndsWell() {
        Result killed = lock.runShell("echo $$; kill -9 $$");
        assertThat(killed.exitCode()).isEqualTo(128 + 9);
        String told = "MORTMAIN_PREDECESSOR_DIED=1\nMORTMAIN_PREDECESSOR_HOW=signal 9\nMORTMAIN_PREDECESSOR_PID="
                + killed.out();
        assertThat(lock.runShell(TOLD + "; exit 3")).isEqualTo(new Result(3, told, ""));
        assertThat(lock.recorded(LockScene.DEATH)).isEqualTo(1);
        assertThat(lock.runShell(TOLD + "; exit 0")).isEqualTo(new Result(0, told, ""));
        assertThat(lock.recorded(LockScene.DEATH)).isZero();
    }

    @Test
    void shouldTellThatTheLockDiedAndWaitForItsCommand() throws IOException {
        Path log = folder.resolve("log");
        Path end = folder.resolve("end");
        try (CliProcess first =
                lock.startShell("echo $$; " + UNTIL_END + "; echo first >>\"$0\"", log.toString(), end.toString())) {
            String pid = first.expect("");
            lock.awaitRecordOfCommand();
            first.signal("KILL");
            try (CliProcess next = lock.startShellWithErrors("echo second >>\"$0\"; " + TOLD, log.toString())) {
                assertThat(next.expect(STILL_RUNS)).startsWith(STILL_RUNS + lock.name + " died, but its command still");
                Files.createFile(end);
                assertThat(next.result().out())
                        .isEqualTo("MORTMAIN_PREDECESSOR_DIED=1\nMORTMAIN_PREDECESSOR_HOW=lock died\n"
                                + "MORTMAIN_PREDECESSOR_PID=" + pid + "\n");
            }
        }
        assertThat(Files.readAllLines(log)).containsExactly("first", "second");
        assertThat(lock.recorded(LockScene.DEATH)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a child", "a session"})
    void shouldWaitForWhatADeadHolderLeftRunning(String left) throws Exception {
        // a child of the command, which has ended; or the command itself, in a session of its own
        Path log = folder.resolve("log");
        Path end = folder.resolve("end");
        boolean child = left.equals("a child");
        String work = UNTIL_END + "; echo first >>\"$0\"";
        String script = child ? "(" + work + ") & echo $$; kill -9 $PPID" : "echo $$; " + work;
        List<String> command = new ArrayList<>(child ? List.of("--") : List.of("--", "setsid"));
        command.addAll(List.of("sh", "-c", script, log.toString(), end.toString()));
        try (CliProcess first = lock.start(command.toArray(String[]::new))) {
            long pid = Long.parseLong(first.expect(""));
            if (child) {
                ProcessHandle.of(pid).ifPresent(LockCommandTest::awaitEnd);
            } else {
                lock.awaitRecordOfCommand();
                first.signal("KILL");
            }
            try (CliProcess next = lock.startShellWithErrors("echo second >>\"$0\"", log.toString())) {
                next.expect(STILL_RUNS);
                Files.createFile(end);
                assertThat(next.result().exitCode()).isZero();
            }
        }
        assertThat(Files.readAllLines(log)).containsExactly("first", "second");
    }

    private static void awaitEnd(ProcessHandle process) {
        assertThat(process.onExit().orTimeout(CliProcess.GUARD_SECONDS, TimeUnit.SECONDS))
                .succeedsWithin(CliProcess.GUARD_SECONDS, TimeUnit.SECONDS);
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
        command.addAll(lock.command("--", "sh", "-c", "echo; exec sleep 0.3"));
        try (CliProcess parent = CliProcess.start(command, Map.of())) {
            parent.expect("dead");
            assertThat(lock.run("--timeout", "60s", "--", "echo", "in").out()).isEqualTo("in\n");
        }
    }

    @Test
    void shouldRunTheRecoveryFirst() {
        try (Region region = lock.create()) {
            LockScene.record(region, LockScene.DEATH, 1);
        }
        Result failed =
                lock.run("--recover", "echo trying $MORTMAIN_PREDECESSOR_DIED; exit 3", "--", "echo", "not run");
        assertThat(failed.exitCode()).isEqualTo(7);
        assertThat(failed.out()).isEqualTo("trying 1\n");
        assertThat(failed.err())
                .startsWith("mortmain: The recovery failed with exit code 3")
                .hasLineCount(1);
        String[] good = {"--recover", "echo repaired", "--", "sh", "-c", "echo told $MORTMAIN_PREDECESSOR_DIED; exit 4"
        };
        assertThat(lock.run(good)).isEqualTo(new Result(4, "repaired\ntold 1\n", ""));
        assertThat(lock.run(good)).as("dealt with").isEqualTo(new Result(4, "told\n", ""));
    }
}
