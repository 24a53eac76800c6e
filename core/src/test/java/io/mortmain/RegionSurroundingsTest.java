package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.owner.Surroundings;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.Commands;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.Probe;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows D5, D6, D12 and D13: processes in surroundings where a region cannot be made or must not be used, each made for real. */
class RegionSurroundingsTest {
    private static final List<String> OWN_MOUNTS = List.of("unshare", "--mount");
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    @TempDir
    Path folder;

    @Test
    void shouldRefuseWhenThePidNamespaceIsAnother() {
        assumeWorks("unshare", "--pid", "--fork", "true");
        try (TestRegion name = existing()) {
            String said = run(Commands.under(List.of("unshare", "--pid", "--fork"), probe("open", name.name())));
            assertThat(said)
                    .startsWith("INCOMPATIBLE: region " + name.path())
                    .contains("PID namespace " + Surroundings.current().pidNamespace(), "share the PID namespace");
        }
    }

    @Test
    void shouldRefuseWhenTheBootIsAnother() throws Exception {
        assumeWorks("unshare", "--mount", "true");
        Path other = Files.writeString(folder.resolve("boot_id"), "01234567-89ab-cdef-0123-456789abcdef\n");
        String bind = "mount --bind " + other + " /proc/sys/kernel/random/boot_id &&";
        try (TestRegion name = existing()) {
            String said = run(Commands.under(OWN_MOUNTS, Commands.shell(bind, probe("open", name.name()))));
            assertThat(said)
                    .startsWith("OTHER_BOOT: region " + name.path())
                    .contains(
                            Surroundings.current().boot().toString(),
                            "01234567-89ab-cdef-0123-456789abcdef",
                            "remove it and create it anew");
            assertThat(run(Commands.under(OWN_MOUNTS, Commands.shell(bind, probe("inspect", name.name())))))
                    .contains("this is boot 01234567");
        }
    }

    /** A19: a holder whose death was not reported; then another boot id, and a later start of the machine. */
    @Test
    void shouldTellOfAReboot() throws Exception {
        assumeWorks("unshare", "--mount", "true");
        Path other = Files.writeString(folder.resolve("boot_id"), "01234567-89ab-cdef-0123-456789abcdef\n");
        try (VanishScene scene = new VanishScene("unmap")) {
            scene.vanish();
            String reboot = "mount --bind " + other + " /proc/sys/kernel/random/boot_id && mount --bind " + laterStart()
                    + " /proc/stat &&";
            String name = scene.name().name();
            assertThat(run(Commands.under(OWN_MOUNTS, Commands.shell(reboot, probe("lock", name)))))
                    .contains("rebooted=true");
            assertThat(run(probe("open", name)))
                    .as("whoever lives in the boot before")
                    .startsWith("OTHER_BOOT");
            assertThat(run(Commands.under(OWN_MOUNTS, Commands.shell(reboot, probe("lock", name)))))
                    .contains("clean");
        }
    }

    /** Of no PID namespace, and so by another proof that nobody lives who has it open: their locks on owner records. */
    @Test
    void shouldTellOfARebootInARegionForSeveralPidNamespacesUnlessSomebodyHasItOpen() throws Exception {
        assumeWorks("unshare", "--mount", "true");
        Path other = Files.writeString(folder.resolve("boot_id"), "01234567-89ab-cdef-0123-456789abcdef\n");
        try (TestRegion name = new TestRegion()) {
            List<String> lock;
            RegionOptions several = RegionOptions.DEFAULT.withSeveralPidNamespaces();
            try (Region region = Region.create(name.name(), 0, several)) {
                region.mutex(MutexPeer.MUTEX, MutexKind.NORMAL, null).lock().close();
                String reboot = "mount --bind " + other + " /proc/sys/kernel/random/boot_id && mount --bind "
                        + laterStart() + " /proc/stat &&";
                lock = Commands.under(OWN_MOUNTS, Commands.shell(reboot, probe("lock", name.name())));
                assertThat(run(lock)).startsWith("OTHER_BOOT");
            }
            assertThat(run(lock)).contains("rebooted=true");
            assertThat(run(lock)).contains("clean");
        }
    }

    /** A /proc/stat whose machine started after all that was done so far, and before all that is done from now on. */
    private Path laterStart() throws Exception {
        long later = System.currentTimeMillis() / 1_000 + 1;
        while (System.currentTimeMillis() / 1_000 < later) {
            Thread.sleep(10);
        }
        return Files.writeString(folder.resolve("stat"), "cpu 0\nbtime " + later + "\n");
    }

    @Test
    void shouldSayWhatToMountWhenTheBootIdCannotBeRead() {
        assumeWorks("unshare", "--mount", "true");
        String hide = "mount -t tmpfs none /proc/sys/kernel/random &&";
        try (TestRegion name = existing()) {
            assertThat(run(Commands.under(OWN_MOUNTS, Commands.shell(hide, probe("open", name.name())))))
                    .startsWith("SYSTEM: ")
                    .contains("boot id", "mount /proc");
        }
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenTheFileSystemIsFull() {
        assumeWorks("unshare", "--mount", "true");
        String tiny = "mount -t tmpfs -o size=1m none /dev/shm &&";
        assertThat(run(Commands.under(OWN_MOUNTS, Commands.shell(tiny, probe("create", "big", "8000000")))))
                .startsWith("NO_SPACE: region /dev/shm/big")
                .contains("the file system is full", "choose a smaller capacity")
                .contains("left: false, bytes in use: 0");
    }

    @Test
    void shouldGiveAllCreatorsTheRegionWhenThereIsRoomForOneOnly() {
        assumeWorks("unshare", "--mount", "true");
        String small = "mount -t tmpfs -o size=3m none /dev/shm &&";
        for (int round = 0; round < 3; round++) {
            assertThat(run(Commands.under(
                            OWN_MOUNTS,
                            Commands.shell(
                                    small, Commands.java(Probe.class, "create in many threads", "one", "2000000")))))
                    .startsWith("opened 8");
        }
    }

    /** The limit is there for the day on which it is not refused: the kernel would end processes at random. */
    @Test
    void shouldRefuseAnAnonymousRegionThatNoMemoryOfTheMachineCanHold() {
        try (TestRegion name = new TestRegion()) {
            String capacity = Long.toString(1L << 45);
            assertThat(run(Commands.shell("ulimit -f 1000 &&", probe("create anonymous", name, capacity))))
                    .startsWith("NO_SPACE: ")
                    .contains("bytes of memory and swap that the machine has");
        }
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenTheFileSizeIsLimited() {
        try (TestRegion name = new TestRegion()) {
            assertThat(run(Commands.shell("ulimit -f 1000 &&", probe("create", name, "8000000"))))
                    .startsWith("NO_SPACE: region " + name.path())
                    .contains("the file would be too large", "ulimit -f", "left: false");
        }
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenDescriptorsAreExhausted() {
        try (TestRegion name = new TestRegion()) {
            assertThat(run(Commands.shell("ulimit -n 64 &&", probe("create without descriptors", name, "0"))))
                    .startsWith("LIMIT_REACHED: region " + name.path())
                    .contains("no file descriptor left", "ulimit -n", "left: false");
        }
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenAddressSpaceIsLimited() {
        assumeWorks("prlimit", "--version");
        try (TestRegion name = new TestRegion()) {
            // one arena: the C library would reserve more address space for each thread at any time
            assertThat(run(Commands.under(
                            List.of("env", "MALLOC_ARENA_MAX=1"),
                            probe("create without addresses", name, "201326592"))))
                    .startsWith("LIMIT_REACHED: region " + name.path())
                    .contains("mmap", "address space", "ulimit -v", "left: false");
        }
    }

    @Test
    void shouldRefuseWhenThereIsNoPermission() {
        assumeNobody();
        try (TestRegion name = existing()) {
            for (String action : List.of("open", "delete", "inspect")) {
                assertThat(run(Commands.under(AS_NOBODY, probe(action, name, "0"))))
                        .startsWith("NO_PERMISSION: region " + name.path())
                        .contains("check owner and mode", "left: true");
            }
            assertThat(run(Commands.under(AS_NOBODY, probe("create", folder + "/x", "0"))))
                    .startsWith("NO_PERMISSION");
        }
    }

    @Test
    void shouldRefuseTheRegionOfAnotherUserUnlessAllowed() {
        assumeNobody();
        try (TestRegion name = new TestRegion()) {
            assertThat(run(Commands.under(AS_NOBODY, probe("create", name, "0"))))
                    .startsWith("done");
            RegionException refused = org.assertj.core.api.Assertions.catchThrowableOfType(
                    RegionException.class, () -> Region.open(name.name()));
            assertThat(refused.reason()).isEqualTo(RegionException.Reason.NOT_SECURE);
            assertThat(refused).hasMessageContainingAll("user 65534", "RegionOptions.withForeignOwner()");
            Region.open(name.name(), RegionOptions.DEFAULT.withForeignOwner()).close();
        }
    }

    @Test
    void shouldRefuseWhenOtherHostsMayShareTheFileSystem() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "/dev/fuse is missing here, so no such file system can be made");
        assumeWorks("unshare", "--mount", "true");
        Path mount = Files.createDirectory(folder.resolve("mount"));
        List<String> served =
                Commands.under(OWN_MOUNTS, List.of(CProgram.compile("fuse_root").toString(), mount.toString()));
        assumeWorks(Commands.under(served, List.of("true")).toArray(String[]::new));
        for (String action : List.of("open", "create")) {
            assertThat(run(Commands.under(served, probe(action, mount + "/region", "0"))))
                    .startsWith("UNSUPPORTED_FILE_SYSTEM: region " + mount + "/region is refused")
                    .contains("FUSE or virtiofs", "use /dev/shm");
        }
    }

    private static TestRegion existing() {
        TestRegion name = new TestRegion();
        Region.create(name.name(), 0).close();
        return name;
    }

    private static List<String> probe(String action, TestRegion name, String capacity) {
        return probe(action, name.name(), capacity);
    }

    private static List<String> probe(String... arguments) {
        return TestProcess.peerCommand(List.of("-Xmx256m", "-XX:ErrorFile=/dev/null"), Probe.class, arguments);
    }

    private static void assumeNobody() {
        Commands.Result tried = Commands.run(Commands.under(AS_NOBODY, probe("list", "x")));
        assumeTrue(
                tried.said().contains("done"),
                "another user cannot run the library here (needs root, and folders that all may read): "
                        + tried.said());
    }

    private static void assumeWorks(String... command) {
        String refusal = Commands.refusalOf(command);
        assumeTrue(refusal.isEmpty(), refusal);
    }

    private static String run(List<String> command) {
        Commands.Result result = Commands.run(command);
        assertThat(result.exitCode()).as(result.said()).isZero();
        return result.said();
    }
}
