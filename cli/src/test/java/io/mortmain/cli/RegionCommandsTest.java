package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RobustMutex;
import io.mortmain.cli.CliProcess.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mortmain ls}, {@code inspect} and {@code reset}: each of them from end to end, and more of them in this JVM. */
class RegionCommandsTest {
    private final String name =
            "mortmain-test-cli-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

    @AfterEach
    void removeFile() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm", name));
    }

    @Test
    void shouldListARegion() {
        try (Region region = Region.create(name, 1000)) {
            region.mutex("lock");
            Result result = CliProcess.run("ls");
            assertThat(result.exitCode()).isEqualTo(Main.OK);
            assertThat(line(result, name)).containsPattern(name + " +\\d+ +1000 +1 20\\S+Z +\\d+ 0600 yes");
            assertThat(CliProcess.run("ls", "--json").out())
                    .startsWith("[")
                    .contains("{\"name\":\"" + name + "\",\"path\":\"/dev/shm/" + name + "\",");
        }
    }

    @Test
    void shouldListADamagedRegionWithTheReason() throws IOException {
        Region.create(name, 0).close();
        flipByteOfHeader();
        Result result = CliProcess.runHere("ls");
        assertThat(result.exitCode()).isEqualTo(Main.OK);
        assertThat(line(result, name)).contains(" no: ", "the checksum of its header is wrong");
        assertThat(CliProcess.runHere("ls", "--json").out())
                .contains("{\"name\":\"" + name + "\",\"usable\":false,\"reason\":\"");
    }

    @Test
    void shouldListNothingWhenThereIsNoRegion() {
        List<String> command = new ArrayList<>(
                List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs none /dev/shm && exec \"$@\"", "sh"));
        List<String> probe = new ArrayList<>(command);
        probe.add("true");
        assumeTrue(canRun(probe), "a mount namespace can be made");
        command.addAll(CliProcess.command("ls"));
        assertThat(CliProcess.run(command, Map.of())).isEqualTo(new Result(Main.OK, "", ""));
        command.add("--json");
        assertThat(CliProcess.run(command, Map.of())).isEqualTo(new Result(Main.OK, "[]\n", ""));
    }

    @Test
    void shouldSayThatTheFolderOfRegionsIsMissing() {
        List<String> command =
                new ArrayList<>(List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs none /dev && exec \"$@\"", "sh"));
        List<String> probe = new ArrayList<>(command);
        probe.add("true");
        assumeTrue(canRun(probe), "a mount namespace can be made");
        for (String subcommand : List.of("ls", "demo")) {
            List<String> whole = new ArrayList<>(command);
            whole.addAll(CliProcess.command(subcommand));
            assertRefused(CliProcess.run(whole, Map.of()), Main.FAILED, "/dev/shm is missing: mount it");
        }
    }

    @Test
    void shouldSayWhoseRegionItIs() throws IOException {
        Path file = Path.of("/dev/shm", name);
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root can give files away");
        try (Region region = Region.create(name, 64)) {
            region.mutex("lock");
        }
        Files.setAttribute(file, "unix:uid", 1);
        assertRefused(
                CliProcess.runHere("reset", name, "lock"),
                Main.FAILED,
                "belongs to user 1; run it as that user, or with --foreign, where");
    }

    @Test
    void shouldShowOddNamesSafely() throws IOException {
        String odd = "mortmain-test-odd \n\t\"\\\u001b[31m";
        String object = "o \"\\\u001b[31m\n\u202e";
        try (Region region = Region.create(odd, 64)) {
            region.memory(object, 8);
            assertThat(CliProcess.run("ls").out()).contains("mortmain-test-odd \\u{a}\\u{9}\"\\\\\\u{1b}[31m ");
            Result shown = CliProcess.run("inspect", odd);
            assertThat(shown.exitCode()).isEqualTo(Main.OK);
            assertThat(shown.out())
                    .contains("memory    o \"\\\\\\u{1b}[31m\\u{a}\\u{202e}\n")
                    .doesNotContain("\u001b");
            assertThat(CliProcess.runHere("inspect", "--json", odd).out())
                    .contains("\"name\":\"o \\\"\\\\\\u001b[31m\\n\\u202e\"");
        } finally {
            Files.delete(Path.of("/dev/shm", odd));
        }
    }

    @Test
    void shouldShowEachFieldOfAHeldMutex() {
        try (Region region = Region.create(name, 64);
                Hold hold = region.mutex("lock", MutexKind.RECURSIVE, null).lock()) {
            assertThat(hold.predecessorDied()).isFalse();
            MutexSnapshot expected =
                    Region.inspect(name).objects().get(0).mutex().orElseThrow();
            int thread = expected.holder().orElseThrow();
            Result result = CliProcess.run("inspect", name);
            assertThat(result.exitCode()).isEqualTo(Main.OK);
            assertThat(result.out())
                    .contains("mutex     lock\n", "  state   held\n", "  thread " + thread + "\n", "  recursive\n")
                    .contains("  owner   0x%08x  (%d)\n".formatted(thread, thread), "  count   1\n", "  nusers  1\n")
                    .contains("  next    0x" + Long.toHexString(expected.next()) + "\n");
            assertThat(CliProcess.run("inspect", "--json", name).out())
                    .contains("\"state\":\"held\",\"holder\":" + thread + ",\"waiters\":false,");
        }
    }

    @Test
    void shouldShowHowMuchWasReservedOfARegionThatGrows() {
        try (Region region = Region.create(name, 1 << 20, RegionOptions.DEFAULT.withFirstCapacity(1 << 16))) {
            assertThat(region.capacity()).isEqualTo(1 << 20);
            assertThat(CliProcess.runHere("inspect", name).out())
                    .contains(" bytes, 1048576 of them for objects\n")
                    .contains("\ngrows     space for 65536 bytes of objects was reserved at creation, ");
            assertThat(CliProcess.runHere("inspect", "--json", name).out())
                    .contains("\"capacity\":1048576,\"firstCapacity\":65536,");
        } finally {
            Region.delete(name);
        }
        try (Region region = Region.create(name, 1 << 20)) {
            assertThat(region.capacity()).isEqualTo(1 << 20);
            assertThat(CliProcess.runHere("inspect", name).out()).doesNotContain("grows");
            assertThat(CliProcess.runHere("inspect", "--json", name).out()).doesNotContain("firstCapacity");
        }
    }

    @Test
    void shouldShowTheHolderInARegionForSeveralPidNamespaces() throws InterruptedException {
        RegionOptions several = RegionOptions.DEFAULT.withSeveralPidNamespaces();
        long process = ProcessHandle.current().pid();
        try (Region region = Region.create(name, 4096, several);
                Hold hold = region.mutex("lock").lock()) {
            assertThat(hold.predecessorDied()).isFalse();
            assertThat(CliProcess.run("inspect", name).out())
                    .contains("for       several PID namespaces; not for C programs\n")
                    .contains("  owner record 0, thread 1 (process " + process + " of PID namespace ");
            assertThat(CliProcess.run("inspect", "--json", name).out())
                    .contains("\"severalPidNamespaces\":true,", "\"holder\":null,")
                    .contains("\"recordedHolder\":{\"record\":0,\"thread\":1,\"alive\":true,\"processId\":" + process
                            + ",");
            assertThat(CliProcess.runHere("ls").out()).contains(name);
            assertRefused(CliProcess.run("lock", name, "--", "true"), Main.FAILED, "for several PID namespaces");
            assertThat(CliProcess.run("rm", name).exitCode()).isEqualTo(RmCommand.IN_USE);
            hold.close();
            loseForEver(region);
            assertThat(CliProcess.run("reset", name, "lock").exitCode()).isEqualTo(Main.OK);
            region.mutex("lock").lock().close();
        }
        assertThat(CliProcess.run("rm", name).exitCode()).isEqualTo(Main.OK);
    }

    private static void loseForEver(Region region) throws InterruptedException {
        Thread holder = Thread.ofPlatform().start(() -> region.mutex("lock").lock());
        holder.join();
        region.mutex("lock").lock().close();
    }

    @Test
    void shouldRefuseToInspectWhatIsNoSoundRegion(@TempDir Path folder) throws IOException {
        Path foreign = Files.writeString(folder.resolve("foreign"), "x".repeat(10_000));
        assertRefused(CliProcess.runHere("inspect", foreign.toString()), Main.FAILED, "does not begin with MORTMAIN");
        Region.create(name, 0).close();
        flipByteOfHeader();
        assertRefused(CliProcess.runHere("inspect", name), Main.FAILED, "checksum");
    }

    @Test
    void shouldSayWhatDoesNotExist() {
        assertRefused(CliProcess.runHere("inspect", name), Main.NOT_FOUND, "there is no such file");
        assertRefused(CliProcess.runHere("reset", name, "lock"), Main.NOT_FOUND, "there is no such file");
        try (Region region = Region.create(name, 64)) {
            region.memory("bytes", 8);
            assertRefused(
                    CliProcess.runHere("reset", name, "lock"), Main.NOT_FOUND, "There is no mutex lock in region");
            assertRefused(CliProcess.runHere("reset", name, "bytes"), Main.NOT_FOUND, "that object is memory");
            assertThat(Region.inspect(name).objects()).hasSize(1);
        }
    }

    @Test
    void shouldResetOnlyWhatIsNotRecoverable() throws InterruptedException {
        try (Region region = Region.create(name, 64)) {
            RobustMutex mutex = region.mutex("lock");
            assertRefused(CliProcess.runHere("reset", name, "lock"), Main.FAILED, "nothing to reset");
            try (Hold _ = mutex.lock()) { // for which it does not wait
                assertRefused(CliProcess.run("reset", name, "lock"), Main.FAILED, "nothing to reset");
            }
            giveUpAfterDeath(mutex);
            assertThat(CliProcess.runHere("inspect", name).out())
                    .contains("  state   not recoverable; see mortmain reset\n");
            Result reset = CliProcess.run("reset", name, "lock");
            assertThat(reset.exitCode()).as(reset.toString()).isEqualTo(Main.OK);
            assertThat(reset.out()).contains("usable again", "rests on your word");
            try (Hold hold = mutex.lock()) {
                assertThat(hold.predecessorDied()).isFalse();
            }
            assertRefused(CliProcess.runHere("reset", name, "lock"), Main.FAILED, "nothing to reset");
        }
    }

    @Test
    void shouldRefuseWrongArguments() {
        assertRefused(CliProcess.runHere("ls", "more"), Main.USAGE, "See 'mortmain ls --help'");
        assertRefused(CliProcess.runHere("inspect"), Main.USAGE, "NAME");
        assertRefused(CliProcess.runHere("reset", name), Main.USAGE, "OBJECT");
        assertRefused(CliProcess.runHere("inspect", ""), Main.USAGE, "the name of a region");
    }

    private static void giveUpAfterDeath(RobustMutex mutex) throws InterruptedException {
        Thread dying = new Thread(mutex::lock);
        dying.start();
        dying.join();
        Hold told = mutex.lock();
        assertThat(told.predecessorDied()).isTrue();
        told.close();
    }

    private void flipByteOfHeader() throws IOException {
        int inCreationTime = 56;
        try (RandomAccessFile file = new RandomAccessFile("/dev/shm/" + name, "rw")) {
            file.seek(inCreationTime);
            int old = file.read();
            file.seek(inCreationTime);
            file.write(~old);
        }
    }

    private static String line(Result result, String containing) {
        return result.out()
                .lines()
                .filter(line -> line.contains(containing))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.toString()));
    }

    private static boolean canRun(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException | InterruptedException impossible) {
            return false;
        }
    }
}
