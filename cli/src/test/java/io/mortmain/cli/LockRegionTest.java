package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static io.mortmain.cli.LockScene.TOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.Hold;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.cli.CliProcess.Result;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mortmain lock} from end to end: the region it uses, its arguments, and what others have done to it. */
class LockRegionTest {
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int DAEMON = 1;

    private final LockScene lock = new LockScene();

    @AfterEach
    void removeFile() throws IOException {
        lock.remove();
    }

    @Test
    void shouldCreateARegionOfTheModeThatWasAskedFor() {
        assertThat(lock.run("--mode", "640", "--", "true").exitCode()).isZero();
        assertThat(Region.inspect(lock.name).mode()).isEqualTo(0640);
    }

    @Test
    void shouldLeaveNothingBehindOfAModeThatItsUserCannotUse(@TempDir Path folder) throws IOException {
        for (String mode : List.of("0", "400", "200", "077", "0999", "1600", "-600", "rw", "")) {
            assertUsage("--mode is " + mode, "lock", lock.name, "--mode=" + mode, "--", "true");
        }
        AnotherUser nobody = AnotherUser.require(folder);
        assertRefused(nobody.run("lock", lock.name, "--mode", "0", "--", "true"), Main.USAGE, "--mode is 0 and must");
        assertThat(lock.file).doesNotExist();
        assertThat(nobody.run("lock", lock.name, "--mode", "600", "--", "id", "-u"))
                .isEqualTo(new Result(0, AnotherUser.ID + "\n", ""));
        assertThat(nobody.run("rm", lock.name)).isEqualTo(new Result(Main.OK, "", ""));
        assertThat(lock.file).doesNotExist();
    }

    @Test
    void shouldTakeTheLockOfAnotherUserIfToldTo() throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root can give files away");
        try (Region region = lock.create()) {
            giveUpAfterDeath(region.mutex("lock"));
        }
        Files.setAttribute(lock.file, "unix:uid", DAEMON);
        assertRefused(
                lock.run("--", "true"),
                Main.FAILED,
                "belongs to user 1; run it as that user, or with --foreign, where the command has it");
        assertRefused(CliProcess.runHere("reset", lock.name, "lock"), Main.FAILED, "belongs to user 1");
        assertThat(CliProcess.runHere("reset", "--foreign", lock.name, "lock").exitCode())
                .isZero();
        assertThat(lock.run("--foreign", "--", "echo", "in")).isEqualTo(new Result(0, "in\n", ""));
    }

    @Test
    void shouldRefuseWhatIsNotRecoverable() throws InterruptedException {
        try (Region region = lock.create()) {
            giveUpAfterDeath(region.mutex("lock"));
        }
        assertRefused(lock.run("--", "true"), 6, "'mortmain reset " + lock.name + " lock'");
        assertThat(CliProcess.runHere("reset", lock.name, "lock").exitCode()).isZero();
        assertThat(lock.runShell("exit 0").exitCode()).isZero();
    }

    private static void giveUpAfterDeath(RobustMutex mutex) throws InterruptedException {
        Thread dying = new Thread(mutex::lock);
        dying.start();
        dying.join();
        try (Hold told = mutex.lock()) {
            assertThat(told.predecessorDied()).isTrue();
        }
    }

    @Test
    void shouldTellOfTheDeathOfAnotherProgram() throws InterruptedException {
        Region region = lock.create();
        Thread dying = new Thread(region.mutex("lock")::lock);
        dying.start();
        dying.join();
        closeOnceTheKernelHasMarked(region);
        assertThat(lock.runShell(TOLD).out())
                .as("no number: a thread's is none of a command")
                .isEqualTo("MORTMAIN_PREDECESSOR_DIED=1\n");
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

    /** Nobody is waited for, and no group is sent a signal, by a number that no holder can have written. */
    @ParameterizedTest
    @CsvSource({
        "0, 1, process group 1",
        "0, -1, process group -1",
        "0, 4294967297, process group 4294967297", // 1 for who reads 32 bits of it
        "0, 4194305, process group 4194305",
        "16, 0, start of the group's leader 0",
        "24, -1, session -1",
        "32, -7, command -7",
        "32, 9000000000, command 9000000000",
        "56, 2, mark of a death 2",
        "64, -1, dead process -1",
        "72, 65, cause of the death 65"
    })
    void shouldRefuseADamagedRecord(int offset, long value, String field) {
        try (Region region = lock.create()) {
            LockScene.record(region, LockScene.GROUP, ProcessHandle.current().pid());
            LockScene.record(region, LockScene.LEADER_START, 1);
            LockScene.record(region, LockScene.DEATH, 1);
            LockScene.record(region, offset, value);
        }
        assertRefused(CliProcess.runHere("rm", lock.name), RmCommand.IN_USE, field);
        assertThat(CliProcess.runHere("rm", "--force", lock.name)).isEqualTo(new Result(Main.OK, "", ""));
        assertThat(lock.file).doesNotExist();
    }

    @Test
    void shouldNameTheCureOfADamagedRecordAndLeaveTheLockUsable() {
        try (Region region = lock.create()) {
            LockScene.record(region, LockScene.GROUP, 1);
        }
        assertRefused(
                lock.run("--", "echo", "not run"),
                Main.FAILED,
                "process group 1 in its object lock.holder is impossible; once no command runs under it, remove the region"
                        + " with 'mortmain rm --force " + lock.name + "'");
        assertThat(lock.mutex().state()).isEqualTo(MutexSnapshot.State.FREE);
    }

    @ParameterizedTest
    @CsvSource({"0, exit 9, 9", "4096, exit 9, 9", "4096, exit 0, 0", "4096, kill -9 $$, 137"})
    void shouldEndAsItsCommandDoesWhenTheRegionIsTruncatedMeanwhile(int size, String end, int exitCode) {
        assertRefused(
                lock.runShell(truncate(size) + "; " + end),
                exitCode,
                "The command has ended, but region " + lock.file + " was truncated meanwhile: others may");
    }

    @Test
    void shouldNotRunTheCommandOnceTheRegionIsTruncated() {
        assertThat(lock.runShell("kill -9 $$").exitCode()).isEqualTo(137);
        assertRefused(
                lock.run("--recover", truncate(4096), "--", "echo", "not run"),
                Main.FAILED,
                "The command did not run: region " + lock.file + " was truncated; remove that file");
    }

    private String truncate(int size) {
        return "truncate -s " + size + " " + lock.file;
    }

    @Test
    void shouldRefuseWrongArguments() {
        assertUsage("CMD", "lock", lock.name);
        assertUsage("'--nope'", "lock", lock.name, "ls", "--nope");
        for (String time : List.of("soon", "-1", "1 s", "1e9", "99999999h", "")) {
            assertUsage("--timeout", "lock", lock.name, "--timeout=" + time, "--", "true");
        }
        for (String folder : List.of("/no/folder", "/dev/null")) {
            assertRefused(
                    CliProcess.run("lock", folder + "/x", "--", "true"),
                    Main.NOT_FOUND,
                    "There is no folder " + folder + " for region " + folder
                            + "/x; create the folder, or give a name without /.");
        }
        assertThat(lock.file).doesNotExist();
    }

    @Test
    void shouldShowThatAValueIsEmpty() {
        assertUsage("--timeout is \"\" and must be", "lock", lock.name, "--timeout", "", "--", "true");
        assertUsage("--mode is \"\" and must be", "lock", lock.name, "--mode", "", "--", "true");
        assertUsage("--seconds is \"\" and must be", "torture", "--seconds", "");
        assertUsage("--seed is \"\" and must be", "demo", "--seed", "");
        assertUsage("mortmain: \"\" is not a .java file.", "java", "");
        assertUsage("mortmain: Unexpected argument \"\".", "ls", "");
        assertThat(CliProcess.runHere("").err()).startsWith("mortmain: There is no command \"\". See");
        assertRefused(lock.run("--", ""), 127, "there is no program to start");
        assertRefused(CliProcess.runHere("reset", lock.name, ""), Main.NOT_FOUND, "There is no mutex \"\" in region");
    }

    @Test
    void shouldTakeAnImpossibleNameForWrongUsage() {
        for (String name : List.of("", ".", "..", "x".repeat(300))) {
            assertUsage("name", "inspect", name);
            assertUsage("name", "reset", name, "lock");
            assertUsage("name", "rm", name);
        }
        for (String name : List.of("..", "x".repeat(201), "x".repeat(300))) {
            assertRefused(CliProcess.run("lock", name, "--", "true"), Main.USAGE, "cannot name a region");
        }
        assertRefused(
                CliProcess.run("lock", "/dev/shm/" + "x".repeat(300), "--", "true"),
                Main.USAGE,
                "the name is too long");
    }

    /** Two names may have become one. The bytes are the shell's: the locale of the test need not be able to spell them. */
    @ParameterizedTest
    @CsvSource({"C, \\303\\251", "C.UTF-8, \\377"})
    void shouldRefuseANameThatTheLocaleCannotDecode(String locale, String octal) {
        String spelt = "n=$(printf '" + lock.name + octal + "'); ";
        String because =
                "has bytes that are not text in this locale; give a name in UTF-8, and a UTF-8 locale, for example"
                        + " LC_ALL=C.UTF-8";
        for (String rest :
                List.of("lock \"$n\" -- true", "inspect \"$n\"", "reset \"$n\" lock", "reset x \"$n\"", "rm \"$n\"")) {
            assertRefused(inLocale(locale, spelt + "exec \"$@\" " + rest), Main.USAGE, because);
        }
    }

    @Test
    void shouldTakeANameOutsideAsciiInALocaleOfUtf8() throws IOException {
        String name = lock.name + "\\303\\251";
        Result result =
                inLocale("C.UTF-8", "n=$(printf '" + name + "'); \"$@\" lock \"$n\" -- true && exec \"$@\" rm \"$n\"");
        assertThat(result).isEqualTo(new Result(Main.OK, "", ""));
    }

    private static Result inLocale(String locale, String script) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(CliProcess.command());
        return CliProcess.run(command, Map.of("LC_ALL", locale));
    }

    private static void assertUsage(String because, String... arguments) {
        Result result = CliProcess.runHere(arguments);
        assertRefused(result, Main.USAGE, because);
        assertThat(result.err()).endsWith(" See 'mortmain " + arguments[0] + " --help'.\n");
    }
}
