package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.cli.CliProcess.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain rm} from end to end, with real processes that use the region. */
class RmCommandTest {

    private final String name =
            "mortmain-test-rm-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    private final Path file = Path.of("/dev/shm", name);

    @TempDir
    private Path folder;

    @AfterEach
    void removeFile() throws IOException {
        Files.deleteIfExists(file);
    }

    @Test
    void shouldRemoveWhatNobodyUses() {
        Region.create(name, 64).close();
        assertThat(CliProcess.run("rm", name)).isEqualTo(new Result(Main.OK, "", ""));
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldNameTheJvmThatHasItOpen() {
        long pid = ProcessHandle.current().pid();
        try (Region region = Region.create(name, 64)) {
            assertThat(region.capacity()).isEqualTo(64);
            for (String[] arguments : new String[][] {{"rm", name}, {"rm", "--force", file.toString()}}) {
                Result result = CliProcess.run(arguments);
                assertRefused(result, RmCommand.IN_USE, "is in use by process " + pid + " (");
                assertThat(result.err()).contains("end what uses it");
                assertThat(file).exists();
            }
        }
        assertThat(CliProcess.runHere("rm", name).exitCode()).isEqualTo(Main.OK);
    }

    /** The number of a process whose first thread has ended shows neither its mappings nor its files. */
    @ParameterizedTest
    @ValueSource(strings = {"", "first thread ends"})
    void shouldNameTheCProcessThatMapsItUntilItIsKilled(String way) throws Exception {
        Region.create(name, 64).close();
        Process c = new ProcessBuilder(
                        way.isEmpty()
                                ? List.of(compiled(), file.toString())
                                : List.of(compiled(), file.toString(), way))
                .start();
        try {
            assertThat(c.inputReader().readLine()).isEqualTo("mapped");
            assertRefused(
                    CliProcess.runHere("rm", "--force", name), RmCommand.IN_USE, "process " + c.pid() + " (maps)");
        } finally {
            c.destroyForcibly();
            assertThat(c.waitFor(CliProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(CliProcess.runHere("rm", name)).isEqualTo(new Result(Main.OK, "", ""));
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldNameTheProcessThatHasItOpenOnly() throws IOException {
        Region.create(name, 64).close();
        long pid = ProcessHandle.current().pid();
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            assertRefused(CliProcess.run("rm", name), RmCommand.IN_USE, "process " + pid + " (");
            assertThat(open.length()).isPositive();
        }
    }

    @Test
    void shouldWaitForTheCommandOfADeadLock() throws Exception {
        Path end = folder.resolve("end");
        String untilEnd = "echo begun; while [ ! -e " + end + " ]; do sleep 0.02; done";
        try (CliProcess lock =
                CliProcess.start(CliProcess.command("lock", name, "--", "sh", "-c", untilEnd), Map.of())) {
            lock.expect("begun");
            lock.handle().destroyForcibly();
            awaitEnd(lock.handle());
            assertRefused(
                    CliProcess.run("rm", "--force", name),
                    RmCommand.IN_USE,
                    "a command that mortmain lock started still runs (process group ");
            Files.createFile(end); // what it prints is read to its end at close
        }
        long begun = System.nanoTime();
        for (Result last = CliProcess.run("rm", name); last.exitCode() != Main.OK; last = CliProcess.run("rm", name)) {
            assertThat(System.nanoTime() - begun)
                    .as(last.toString())
                    .isLessThan(TimeUnit.SECONDS.toNanos(CliProcess.GUARD_SECONDS));
        }
        System.out.println("removed after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        assertThat(file).doesNotExist();
    }

    /**
     * Looks itself. The JDK's onExit shares a thread with its drain of the ended process's streams, and the drain waits for who reads them:
     * until the command ends, which has them open and is ended here only afterwards. Seen: two minutes.
     */
    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        long begun = System.nanoTime();
        while (process.isAlive()) {
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(CliProcess.GUARD_SECONDS));
            Thread.sleep(1);
        }
    }

    @Test
    void shouldNotBelieveThatAnInvisibleUserIsNone() throws Exception {
        AnotherUser nobody = AnotherUser.require(folder);
        Region.create(name, 64).close();
        Files.setAttribute(file, "unix:uid", AnotherUser.ID);
        try (Region region = Region.open(name, RegionOptions.DEFAULT.withForeignOwner())) {
            assertThat(region.capacity()).isEqualTo(64);
            Result refused = nobody.run("rm", name);
            assertRefused(refused, RmCommand.IN_USE, "in use: this user may not look at process ");
            assertThat(refused.err()).contains("--force");
            assertThat(nobody.run("rm", "--force", name).exitCode()).isEqualTo(Main.OK);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void shouldLeaveAloneWhatIsNoRegion() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "x".repeat(10_000));
        Path region = folder.resolve("region");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Region.create(name, 64).close();
        for (Path other : List.of(text, folder, link)) {
            assertRefused(CliProcess.runHere("rm", "--force", other.toString()), Main.FAILED, other.toString());
            assertThat(Files.exists(other, LinkOption.NOFOLLOW_LINKS)).isTrue();
        }
        assertThat(file).exists();
        assertRefused(CliProcess.runHere("rm", region.toString()), Main.NOT_FOUND, "there is no such file");
    }

    @Test
    void shouldRemoveADamagedRegionWithForceOnly() throws IOException {
        Region.create(name, 64).close();
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.seek(56);
            damaged.write(~damaged.read());
        }
        assertRefused(CliProcess.runHere("rm", name), RmCommand.IN_USE, "cannot be known");
        assertThat(CliProcess.runHere("rm", "--force", name).exitCode()).isEqualTo(Main.OK);
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldRemoveWhatCanBeRemovedAndSayTheRest() {
        Region.create(name, 64).close();
        Result result = CliProcess.runHere("rm", name + "-missing", name, "");
        assertThat(result.exitCode()).isEqualTo(Main.NOT_FOUND);
        assertThat(result.err().lines()).hasSize(2).allMatch(line -> line.startsWith("mortmain: "));
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldTakeOddNames() {
        String odd = name + " \n\t\"\\\u001b[31m";
        Region.create(odd, 64).close();
        try (Region region = Region.open(odd)) {
            assertThat(region.capacity()).isEqualTo(64);
            Result refused = CliProcess.run("rm", odd);
            assertRefused(refused, RmCommand.IN_USE, "is in use by process ");
            assertThat(refused.err()).doesNotContain("\u001b");
        }
        assertThat(CliProcess.runHere("rm", odd).exitCode()).isEqualTo(Main.OK);
        assertRefused(CliProcess.runHere("rm", ".."), Main.USAGE, "cannot name a region");
        assertRefused(CliProcess.runHere("rm"), Main.USAGE, "NAME");
        assertRefused(CliProcess.runHere("rm", "x".repeat(300)), Main.USAGE, "cannot name a region");
    }

    private String compiled() throws IOException, InterruptedException {
        Path program = folder.resolve("maps");
        Process gcc = new ProcessBuilder(
                        "gcc", "-Wall", "-Werror", "-pthread", "src/test/c/maps.c", "-o", program.toString())
                .inheritIO()
                .start();
        assertThat(gcc.waitFor()).isZero();
        return program.toString();
    }
}
