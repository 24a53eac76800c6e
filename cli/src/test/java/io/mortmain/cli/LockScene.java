package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.cli.CliProcess.Result;
import io.mortmain.cli.lock.HolderRecord;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A lock of its own for a test, and {@code mortmain lock} with it. */
final class LockScene {
    /** What the command is told of a death. */
    static final String TOLD = "env | grep '^MORTMAIN_PREDECESSOR_' | sort";

    /** Offsets in the record of the holder. */
    static final int GROUP = 0;

    static final int LEADER_START = 16;
    static final int SESSION = 24;
    static final int COMMAND = 32;
    static final int DEATH = 56;
    static final int DEATH_PID = 64;
    static final int DEATH_HOW = 72;

    final String name =
            "mortmain-test-lock-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    final Path file = Path.of("/dev/shm", name);

    void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    /** The region as {@code mortmain lock} makes it, without a process for that. */
    Region create() {
        Region region = Region.create(name, HolderRecord.SIZE);
        region.mutex(HolderRecord.MUTEX);
        region.memory(HolderRecord.OBJECT, HolderRecord.SIZE);
        return region;
    }

    /** A field of the record. */
    long recorded(int offset) {
        try (Region region = Region.open(name)) {
            return region.memory(HolderRecord.OBJECT, HolderRecord.SIZE).get(ValueLayout.JAVA_LONG, offset);
        }
    }

    static void record(Region region, int offset, long value) {
        region.memory(HolderRecord.OBJECT, HolderRecord.SIZE).set(ValueLayout.JAVA_LONG, offset, value);
    }

    MutexSnapshot mutex() {
        return Region.inspect(name).objects().stream()
                .filter(object -> object.name().equals(HolderRecord.MUTEX))
                .flatMap(object -> object.mutex().stream())
                .findFirst()
                .orElseThrow();
    }

    /** Options, {@code --} and the command. */
    List<String> command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("lock", name));
        all.addAll(List.of(arguments));
        return CliProcess.command(all.toArray(String[]::new));
    }

    CliProcess start(String... arguments) {
        return CliProcess.start(command(arguments), Map.of());
    }

    Result run(String... arguments) {
        return CliProcess.run(command(arguments), Map.of());
    }

    CliProcess startShell(String script, String... arguments) {
        return CliProcess.start(shellCommand(script, arguments), Map.of());
    }

    Result runShell(String script, String... arguments) {
        return CliProcess.run(shellCommand(script, arguments), Map.of());
    }

    /** With its standard error on standard output, where a test can wait for it. */
    CliProcess startShellWithErrors(String script, String... arguments) {
        List<String> both = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>&1", "sh"));
        both.addAll(shellCommand(script, arguments));
        return CliProcess.start(both, Map.of());
    }

    private List<String> shellCommand(String script, String... arguments) {
        List<String> shell = new ArrayList<>(List.of("--", "sh", "-c", script));
        shell.addAll(List.of(arguments));
        return command(shell.toArray(String[]::new));
    }

    /** Until the number of the command, which can speak before, is written down. */
    void awaitRecordOfCommand() {
        while (recorded(COMMAND) == 0) {
            Thread.onSpinWait();
        }
    }

    /** Until somebody may sleep on the mutex. */
    void awaitWaiter(CliProcess waiter) throws InterruptedException {
        while (!mutex().waiters()) {
            assertThat(waiter.handle().isAlive()).as("it waits").isTrue();
            Thread.sleep(10);
        }
    }
}
