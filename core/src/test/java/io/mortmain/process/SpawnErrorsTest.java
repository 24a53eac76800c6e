package io.mortmain.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.Region;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.PosixSpawn;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong is a typed error at the call, with one sentence, and leaves nothing open. */
class SpawnErrorsTest {
    private static final int ENOENT = 2;
    private static final int E2BIG = 7;
    private static final int ENOEXEC = 8;
    private static final int EACCES = 13;
    private static final int EAGAIN = 11;
    private static final int ENOTDIR = 20;
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int NONE = 0;
    private static final int NOT_OPEN = 19_999;

    @TempDir
    Path folder;

    private SortedMap<Integer, String> before = new TreeMap<>();

    @BeforeEach
    void look() {
        before = OwnDescriptors.open();
    }

    @AfterEach
    void shouldHaveLeftNothing() throws InterruptedException {
        OwnDescriptors.requireAs(before);
        assertThat(OwnDescriptors.zombies()).isEmpty();
    }

    private static void assertRefused(Reason reason, int errno, String sentence, ThrowingCallable call) {
        SpawnException refused = catchThrowableOfType(SpawnException.class, call);
        assertThat(refused).as("refused").isNotNull().hasMessageContaining(sentence);
        assertThat(refused.getMessage()).doesNotEndWith(".").doesNotContain("\n");
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.errno()).isEqualTo(errno);
    }

    /** With pipes open, which must be closed again. */
    private static Spawn piped(Spawn spawn) {
        return spawn.stdin(Handover.pipeToChild())
                .stdout(Handover.pipeFromChild())
                .stderr(Handover.toStandardOutput())
                .pass("socket", Handover.socket());
    }

    @Test
    void shouldRefuseStringsThatCannotBe() {
        assertRefused(
                Reason.INVALID_ARGUMENT, NONE, "argument 2 has a NUL at byte 1", () -> Spawn.of("echo", "a", "b\0c"));
        assertRefused(Reason.INVALID_ARGUMENT, NONE, "the name of a program has a NUL", () -> Spawn.of("ec\0ho"));
        assertRefused(
                Reason.INVALID_ARGUMENT,
                NONE,
                "argument 1 has a NUL",
                () -> Spawn.ofBytes(List.of("echo".getBytes(UTF_8), new byte[1])));
        assertRefused(
                Reason.INVALID_ARGUMENT,
                NONE,
                "argument 1 has half a character (U+D800) at index 1, which no encoding has; leave it out",
                () -> Spawn.of("echo", "a\ud800b"));
        assertRefused(Reason.INVALID_ARGUMENT, NONE, "the command is empty", () -> Spawn.of(List.of()));
        assertRefused(Reason.INVALID_ARGUMENT, NONE, "there is no program to start", () -> Spawn.of(""));
        assertRefused(
                Reason.INVALID_ARGUMENT,
                NONE,
                "the value of the variable X has a NUL",
                () -> Spawn.of("true").variable("X", "\0"));
        assertThatThrownBy(() -> Spawn.of("true").variable("X", null)).isInstanceOf(NullPointerException.class);
        assertRefused(
                Reason.INVALID_ARGUMENT,
                NONE,
                "\"A=B\" cannot name a variable",
                () -> Spawn.of("true").variable("A=B", ""));
        assertRefused(
                Reason.INVALID_ARGUMENT,
                NONE,
                "\"a b\" cannot name a descriptor",
                () -> Spawn.of("true").pass("a b", Handover.nothing()));
    }

    @Test
    void shouldRefuseAStreamThatIsNoneOfItsOwn() {
        assertRefused(
                Reason.INVALID_ARGUMENT,
                NONE,
                "only standard error",
                () -> Spawn.of("true").stdout(Handover.toStandardOutput()));
        assertRefused(
                Reason.INVALID_ARGUMENT,
                NONE,
                "give it by Handover.descriptor",
                () -> Spawn.of("true").pass("x", Handover.inherited()));
    }

    @Test
    void shouldSayThatTheProgramIsMissing() {
        assertRefused(
                Reason.NOT_FOUND,
                ENOENT,
                "cannot start no-such-program: there is no such file in PATH (",
                () -> piped(Spawn.of("no-such-program")).start());
        assertRefused(
                Reason.NOT_FOUND,
                ENOENT,
                "cannot start /no/such/program: posix_spawn failed: there is no such file (ENOENT)",
                () -> piped(Spawn.of("/no/such/program")).start());
    }

    @Test
    void shouldSayThatItsInterpreterIsMissing() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertRefused(
                Reason.NOT_FOUND,
                ENOENT,
                "its interpreter is missing",
                () -> piped(Spawn.of(script.toString())).start());
    }

    @Test
    void shouldSayThatItIsAFolderOrNoProgram() throws Exception {
        assertRefused(
                Reason.NOT_A_PROGRAM,
                EACCES,
                "it is a folder",
                () -> piped(Spawn.of("/tmp")).start());
        Path text = Files.writeString(folder.resolve("text"), "echo hello\n");
        assertRefused(
                Reason.NO_PERMISSION,
                EACCES,
                "permission is denied",
                () -> piped(Spawn.of(text.toString())).start());
        assertThat(text.toFile().setExecutable(true)).isTrue();
        assertRefused(
                Reason.NOT_A_PROGRAM,
                ENOEXEC,
                "it is not a program (ENOEXEC)",
                () -> piped(Spawn.of(text.toString())).start());
    }

    @Test
    void shouldSayThatTheFolderIsMissing() {
        assertRefused(
                Reason.NOT_FOUND,
                ENOENT,
                "its working folder /no/such/folder cannot be entered: there is no such file (ENOENT)",
                () -> piped(Spawn.of("true").folder(Path.of("/no/such/folder"))).start());
    }

    @Test
    void shouldSayThatTheFolderIsNone() throws Exception {
        Path program = Files.createFile(folder.resolve("program"));
        for (boolean mayBeExecuted : new boolean[] {false, true}) {
            assertThat(program.toFile().setExecutable(mayBeExecuted)).isTrue();
            for (String name : List.of("true", "/bin/true")) {
                assertRefused(
                        Reason.NOT_FOUND,
                        ENOTDIR,
                        "its working folder " + program + " cannot be entered: it is not a folder (ENOTDIR)",
                        () -> piped(Spawn.of(name).folder(program)).start());
            }
        }
    }

    @Test
    void shouldNameTheLimitOfProcesses() {
        var setting = new PosixSpawn.Setting(
                List.of(), List.of(), Optional.empty(), null, false, Set.of(), Set.of(), new TreeMap<>());
        byte[] name = "true".getBytes(UTF_8);
        SpawnException refused = SpawnFailures.ofProgram(
                new ProgramPath(name, Optional.empty()), name, setting, new LinuxException("posix_spawn", "", EAGAIN));
        assertThat(refused).hasMessageContaining("ulimit -u");
        assertThat(refused.reason()).isEqualTo(Reason.LIMIT_REACHED);
    }

    @Test
    void shouldRefuseClassesOfNoFile() {
        Runnable hidden = () -> {};
        assertRefused(
                Reason.INVALID_ARGUMENT, NONE, "another JVM would not find it", () -> Spawn.java(hidden.getClass()));
    }

    @Test
    void shouldSayThatTheArgumentsAreTooLong() {
        assertRefused(
                Reason.TOO_LONG,
                E2BIG,
                "arguments and environment are too long",
                () -> piped(Spawn.of("true", "x".repeat(200_000))).start());
    }

    @Test
    void shouldRefuseDescriptorsThatAreNotOpen() {
        assertRefused(
                Reason.BAD_DESCRIPTOR,
                NONE,
                "descriptor " + NOT_OPEN + " is to be handed over",
                () -> piped(Spawn.of("true").pass("x", Handover.descriptor(NOT_OPEN)))
                        .start());
        assertRefused(
                Reason.BAD_DESCRIPTOR,
                NONE,
                "descriptor " + NOT_OPEN + " is to be handed over",
                () -> piped(Spawn.of("true").keep(NOT_OPEN)).start());
        assertRefused(
                Reason.NOT_FOUND,
                ENOENT,
                "file /no/such/file cannot be handed over: open failed",
                () -> piped(Spawn.of("true"))
                        .pass("x", Handover.file(Path.of("/no/such/file"), READ))
                        .start());
    }

    @Test
    void shouldRefuseRegionsThatAreClosedOrLostTheirName() {
        try (TestRegion name = new TestRegion()) {
            Region region = Region.create(name.name(), 0);
            region.close();
            assertThatThrownBy(() -> piped(Spawn.of("true")).pass("r", region).start())
                    .isInstanceOfSatisfying(
                            RegionException.class,
                            closed -> assertThat(closed.reason()).isEqualTo(RegionException.Reason.CLOSED));
            try (Region old = Region.open(name.name())) {
                Region.delete(name.name());
                Region.create(name.name(), 0).close();
                assertThatThrownBy(() -> piped(Spawn.of("true")).pass("r", old).start())
                        .isInstanceOf(RegionException.class)
                        .hasMessageContaining("was removed since it was opened, and its name is another's");
            }
        }
    }

    @Test
    void shouldRefuseWhatCannotBeAGroup() {
        assertRefused(
                Reason.NO_PERMISSION,
                EPERM,
                "there is no group 1 in this session (EPERM)",
                () -> piped(Spawn.of("true")).group(1).start());
        assertRefused(
                Reason.NO_PERMISSION,
                EPERM,
                "the leader of a new session cannot change its group (EPERM)",
                () -> piped(Spawn.of("/bin/true")).newSession().group(1).start());
    }

    @Test
    void shouldRefuseNumbersThatAreNoSignal() throws Exception {
        Child child = Spawn.of("cat").stdin(Handover.pipeToChild()).start();
        try (child) {
            assertRefused(
                    Reason.INVALID_ARGUMENT, EINVAL, "there is no signal 99; give 1 to 64", () -> child.signal(99));
        }
        assertThat(child.await().isSuccess()).as("its input ended").isTrue();
        assertRefused(Reason.INVALID_ARGUMENT, EINVAL, "there is no signal 99", () -> child.signal(99));
        assertThatThrownBy(() -> Spawn.of("true").blockSignals(65)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Handover.descriptor(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(child::stdout).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldSayWhatWasNotInherited() {
        assertRefused(
                Reason.NOT_INHERITED, NONE, "this process has no descriptor named bank", () -> Spawn.inherited("bank"));
    }

    @Test
    void shouldLookInTheChildsFolderOnlyWherePathIsEmpty() {
        List<String> command = new ArrayList<>(List.of("env", "PATH="));
        command.addAll(TestProcess.peerCommand(List.of(), EmptyPathParent.class, folder.toString()));
        try (TestProcess parent = TestProcess.start(command)) {
            assertThat(parent.next()).isEqualTo("in the folder: started");
            assertThat(parent.next())
                    .startsWith(
                            "elsewhere: cannot start true: there is no such file in its working folder, as PATH is empty (ENOENT)");
        }
    }
}
