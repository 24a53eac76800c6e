package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.Region;
import io.mortmain.cli.CliProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mortmain doctor} from end to end. What a machine lacks is a fallback; on none that runs the tests does a check fail. */
class DoctorCommandTest {
    private static final List<String> CHECKS = List.of(
            "kernel",
            "jdk",
            "glibc",
            "pid namespace",
            "shared memory",
            "unused regions",
            "thread descriptors",
            "process numbers",
            "ptrace permission",
            "foreign lists",
            "file leases",
            "robust list",
            "virtual thread",
            "stopped holder",
            "killed holder",
            "unreported death",
            "killed writer");
    private static final String OWN_FOLDER = "mount -t tmpfs none /dev/shm && exec \"$@\"";

    private final String name =
            "mortmain-test-doctor-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());

    @AfterEach
    void removeFile() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm", name));
    }

    @Test
    void shouldFindThatPromisesAreKept() throws IOException {
        List<String> before = doctorsRegions();
        Result result = CliProcess.run("doctor");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().map(DoctorCommandTest::checkOf)).containsExactlyElementsOf(CHECKS);
        assertThat(result.out().lines()).noneMatch(line -> line.startsWith("failed"));
        assertThat(result.exitCode())
                .isEqualTo(result.out().contains("\nfallback ") ? DoctorCommand.FALLS_BACK : Main.OK);
        assertThat(result.out())
                .containsPattern("(?m)^ok +robust list +walked by the kernel when a thread ends$")
                .containsPattern("(?m)^ok +virtual thread +locks$")
                .containsPattern("(?m)^ok +stopped holder +keeps its mutex$")
                .containsPattern("(?m)^ok +killed holder +told after \\d+ µs$")
                .containsPattern("(?m)^ok +unreported death +told after \\d+ µs$")
                .containsPattern("(?m)^ok +killed writer +rolled back, with \\d+ of 16384 words written$");
        assertThat(doctorsRegions()).isSubsetOf(before);
    }

    @Test
    void shouldRemoveTheRegionOfOneThatWasKilled() throws Exception {
        try (CliProcess killed = CliProcess.start(CliProcess.command("doctor"), Map.of())) {
            String ofKilled = "-" + killed.handle().pid() + "-";
            while (killed.handle().isAlive() && doctorsRegions().stream().noneMatch(name -> name.contains(ofKilled))) {
                Thread.sleep(1);
            }
            killed.handle().destroyForcibly();
            killed.result();
            CliProcess.run("doctor");
            assertThat(doctorsRegions()).noneMatch(name -> name.contains(ofKilled));
        }
    }

    @Test
    void shouldNameWhatFallsBack() {
        Map<String, String> without = Map.of("JAVA_TOOL_OPTIONS", "-Dio.mortmain.without=pidfd_thread,foreign_lists");
        Result result = CliProcess.run(CliProcess.command("doctor"), without);
        assertThat(result.exitCode()).isEqualTo(DoctorCommand.FALLS_BACK);
        assertThat(result.out())
                .containsPattern(
                        "(?m)^fallback +thread descriptors +switched off by io.mortmain.without: who waits looks at"
                                + " /proc .*; take pidfd_thread out of ")
                .containsPattern(
                        "(?m)^fallback +foreign lists +switched off by io.mortmain.without: a thread that got .*;"
                                + " take foreign_lists out of ")
                .containsPattern("(?m)^(ok|fallback) +ptrace permission +.*, ptrace_scope ")
                .containsPattern("(?m)^ok +unreported death +told after ");
    }

    @Test
    void shouldPrintJsonOnOneLineAndNotNameARegionInUse() {
        Result result;
        try (Region region = Region.create(name, 64)) {
            assertThat(region.capacity()).isEqualTo(64);
            result = CliProcess.run("doctor", "--json");
        }
        assertThat(result.out()).doesNotContain(name);
        assertThat(result.out().lines()).hasSize(1);
        String one = "\\{\"check\":\"[a-z ]+\",\"verdict\":\"(ok|fallback)\",\"value\":\".+?\",\"cure\":\".*?\"\\}";
        assertThat(result.out().strip()).matches("\\[(" + one + ",?){" + CHECKS.size() + "}\\]");
    }

    @Test
    void shouldWorkForAnotherUser(@TempDir Path folder) throws IOException {
        Result result = AnotherUser.require(folder).run("doctor");
        assertThat(result.exitCode()).as(result.toString()).isIn(Main.OK, DoctorCommand.FALLS_BACK);
        assertThat(result.out().lines().map(DoctorCommandTest::checkOf)).containsExactlyElementsOf(CHECKS);
    }

    @Test
    void shouldWorkInAContainer() {
        List<String> alone = List.of("unshare", "--pid", "--fork", "--mount-proc");
        assumeTrue(canRun(join(alone, List.of("true"))), "a PID namespace can be made");
        try (Region region = Region.create(name, 64)) {
            assertThat(region.capacity()).isEqualTo(64);
            Result result = CliProcess.run(join(alone, CliProcess.command("doctor")), Map.of());
            assertThat(result.exitCode()).as(result.toString()).isIn(Main.OK, DoctorCommand.FALLS_BACK);
            assertThat(result.out())
                    .containsPattern("(?m)^ok +pid namespace +\\d+, a container's: ")
                    .containsPattern("(?m)^ok +unused regions +may be, as not every process can be looked at: ");
        }
    }

    /** In a folder of its own, that is mounted so. */
    @ParameterizedTest
    @CsvSource({"ro, not writable; make it so, EROFS", "size=64k, '64 KiB, 64 KiB free; remove files from', ENOSPC"})
    void shouldFailWhereSharedMemoryCannotBeWritten(String options, String cure, String why) {
        String mount = "mount -t tmpfs -o " + options + " none /dev/shm && exec \"$@\"";
        List<String> alone = List.of("unshare", "-m", "sh", "-c", mount, "sh");
        assumeTrue(canRun(join(alone, List.of("true"))), "a mount namespace can be made");
        Result result = CliProcess.run(join(alone, CliProcess.command("doctor")), Map.of());
        assertThat(result.exitCode()).isEqualTo(Main.FAILED);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .containsPattern("(?m)^failed +shared memory +tmpfs, .*" + cure)
                .containsPattern("(?m)^failed +trials +region /dev/shm/.*" + why);
    }

    @Test
    void shouldFailWithoutSharedMemory() {
        List<String> alone = List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs none /dev && exec \"$@\"", "sh");
        assumeTrue(canRun(join(alone, List.of("true"))), "a mount namespace can be made");
        Result result = CliProcess.run(join(alone, CliProcess.command("doctor")), Map.of());
        assertThat(result.exitCode()).isEqualTo(Main.FAILED);
        assertThat(result.out())
                .containsPattern("(?m)^failed +shared memory +/dev/shm cannot be used .*; mount it, for example with ")
                .containsPattern("(?m)^failed +trials ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldNameRegionsThatNobodyUses() {
        List<String> alone = List.of("unshare", "-m", "sh", "-c", OWN_FOLDER, "sh");
        assumeTrue(canRun(join(alone, List.of("true"))), "a mount namespace can be made");
        List<String> both = join(alone, List.of("sh", "-c"));
        String lock = String.join(" ", CliProcess.command("lock", "left\u001b", "--", "true"));
        String doctor = String.join(" ", CliProcess.command("doctor"));
        Result result = CliProcess.run(join(both, List.of(lock + " && " + doctor)), Map.of("LC_ALL", "C.UTF-8"));
        assertThat(result.out())
                .containsPattern("(?m)^ok +unused regions +(may be, .*: )?left\\\\u\\{1b}; 'mortmain rm NAME' removes");
        Result none = CliProcess.run(join(alone, CliProcess.command("doctor")), Map.of());
        assertThat(none.out()).containsPattern("(?m)^ok +unused regions +none$");
    }

    @Test
    void shouldRefuseArguments() {
        assertThat(CliProcess.runHere("doctor", "more").exitCode()).isEqualTo(Main.USAGE);
    }

    private static String checkOf(String line) {
        return line.substring(10).split(" {2}", 2)[0].strip();
    }

    private static List<String> doctorsRegions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("mortmain-doctor-"))
                    .toList();
        }
    }

    private static List<String> join(List<String> before, List<String> after) {
        List<String> whole = new ArrayList<>(before);
        whole.addAll(after);
        return whole;
    }

    private static boolean canRun(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException | InterruptedException impossible) {
            return false;
        }
    }
}
