package io.mortmain;

import static io.mortmain.Refused.assertReason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.RegionException.Reason;
import io.mortmain.testing.Commands;
import io.mortmain.testing.Probe;
import io.mortmain.testing.TestRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, sizes, options and limits. */
class RegionArgumentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a\0b", "/a\0b"})
    void shouldRefuseNamesThatCannotBe(String name) {
        assertReason(Reason.INVALID_ARGUMENT, () -> Region.create(name, 0));
        assertReason(Reason.INVALID_ARGUMENT, () -> Region.open(name));
        assertReason(Reason.INVALID_ARGUMENT, () -> Region.delete(name));
    }

    @Test
    void shouldTakeNamesUpTo200BytesOfUtf8() {
        String longest = "ü".repeat(100);
        Region.openOrCreate(longest, 0).close();
        assertThat(Region.list()).contains(longest);
        Region.delete(longest);
        assertReason(Reason.INVALID_ARGUMENT, () -> Region.create("ü".repeat(100) + "x", 0));
        assertReason(Reason.INVALID_ARGUMENT, () -> Region.create("/dev/shm/" + "x".repeat(256), 0));
        assertReason(Reason.NOT_FOUND, () -> Region.create("/dev/shm/no/such/folder", 0));
    }

    @Test
    void shouldSayWhatToDoWhenTheLocaleCannotSpellTheName() {
        List<String> command = Commands.java(
                List.of("--enable-native-access=ALL-UNNAMED", "-Dsun.jnu.encoding=ANSI_X3.4-1968"),
                Probe.class,
                "open",
                "/dev/shm/\u00fc");
        Commands.Result result = Commands.run(Commands.under(List.of("env", "LC_ALL=C", "LANG=C"), command));
        assertThat(result.said()).containsPattern("INVALID_ARGUMENT: .*LANG=C.UTF-8|NOT_FOUND: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, (1L << 46) + 1, Long.MAX_VALUE})
    void shouldRefuseCapacitiesThatCannotBe(long capacity) {
        try (TestRegion name = new TestRegion()) {
            assertReason(Reason.INVALID_ARGUMENT, () -> Region.create(name.name(), capacity));
            assertReason(Reason.INVALID_ARGUMENT, () -> Region.openOrCreate(name.name(), capacity));
        }
    }

    @Test
    void shouldSetModeAndGroupWhateverTheUmask() throws Exception {
        try (TestRegion name = new TestRegion()) {
            Commands.Result result =
                    Commands.run(Commands.shell("umask 0777;", Commands.java(Probe.class, "create", name.name(), "0")));
            assertThat(result.said()).startsWith("done");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(name.path()))))
                    .isEqualTo("rw-rw-rw-");
        }
        try (TestRegion name = new TestRegion()) {
            int group = (int) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
            Region.create(name.name(), 0, RegionOptions.DEFAULT.withGroup(group))
                    .close();
            assertThat(Files.getAttribute(Path.of(name.path()), "unix:gid")).isEqualTo(group);
            assertThat(Files.getPosixFilePermissions(Path.of(name.path()))).hasSize(2);
        }
    }

    @Test
    void shouldRefuseOptionsThatCannotBe() {
        for (int mode : new int[] {0, 0077, 0200, 0400, 0577, 01000, 01600, -1}) {
            assertThatThrownBy(() -> RegionOptions.DEFAULT.withMode(mode))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a region cannot have mode " + Integer.toOctalString(mode)
                            + " (octal); give 600 to 777, so that its owner may read and write");
        }
        assertThat(RegionOptions.DEFAULT.withMode(0600).mode()).isEqualTo(0600);
        assertThat(RegionOptions.DEFAULT.withMode(0777).mode()).isEqualTo(0777);
        assertThatThrownBy(() -> RegionOptions.DEFAULT.withGroup(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a region cannot have group -1; give a group id (GID) of 0 or more");
        assertThatThrownBy(() -> RegionOptions.DEFAULT.withMaxObjects(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a region cannot hold 0 objects; give a maxObjects of 1 to 1048576");
        assertThatThrownBy(() -> RegionOptions.DEFAULT.withMaxObjects((1 << 20) + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseObjectsThatCannotBeOrDoNotFit() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 16, RegionOptions.DEFAULT.withMaxObjects(4))) {
            for (String wrong : List.of("", "a\0b", "half a pair: \ud83d", "x".repeat(81))) {
                assertReason(Reason.INVALID_ARGUMENT, () -> region.mutex(wrong));
                assertReason(Reason.INVALID_ARGUMENT, () -> region.memory(wrong, 1));
            }
            assertReason(Reason.INVALID_ARGUMENT, () -> region.memory("m", -1));
            assertThat(region.memory("empty", 0).byteSize()).isZero();
            assertThat(region.memory("x".repeat(80), 100).byteSize()).isEqualTo(100);
            assertReason(Reason.INCOMPATIBLE, () -> region.memory("empty", 1));
            assertReason(Reason.INCOMPATIBLE, () -> region.mutex("empty"));
            String tooBig = assertReason(Reason.LIMIT_REACHED, () -> region.memory("big", 1 << 16));
            assertThat(tooBig).contains(((1 << 16) - 128) + " bytes left", "larger capacity");
            region.mutex("mutex", MutexKind.NORMAL, null);
            assertReason(Reason.INCOMPATIBLE, () -> region.mutex("mutex", MutexKind.RECURSIVE, null));
            assertReason(Reason.INCOMPATIBLE, () -> region.memory("mutex", 48));
            region.memory("last", (1 << 16) - 128);
            assertThat(assertReason(Reason.LIMIT_REACHED, () -> region.mutex("fifth")))
                    .contains("4 objects");
            assertReason(Reason.INCOMPATIBLE, () -> Region.openOrCreate(name.name(), (1 << 16) + 1));
            assertReason(Reason.ALREADY_EXISTS, () -> Region.create(name.name(), 0));
        }
    }
}
