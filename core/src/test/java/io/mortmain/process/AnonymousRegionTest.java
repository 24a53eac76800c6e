package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.errors.RegionException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A region without a name: found by its descriptor only, and as good as any. */
class AnonymousRegionTest {
    private record Pair(long one, long other) {}

    @Test
    void shouldHaveNoNameAndLeaveNothingOpen() throws Exception {
        Region.createAnonymous(0).close(); // what is loaded with the first one stays
        var before = OwnDescriptors.open();
        try (Region region = Region.createAnonymous(4096)) {
            assertThat(region.path()).hasParentRaw(Path.of("/proc/self/fd"));
            assertThat(Files.readSymbolicLink(region.path()).toString()).isEqualTo("/memfd:mortmain (deleted)");
            assertThat(Files.getAttribute(region.path(), "unix:mode")).isEqualTo(0100600);
        }
        OwnDescriptors.requireAs(before);
    }

    @Test
    void shouldSayThatItHasNoNameToBeOpenedByAgain() {
        Region closed = Region.createAnonymous(0);
        closed.close();
        assertThatThrownBy(() -> closed.counter("n"))
                .hasMessageContaining("anonymous region")
                .hasMessageNotContaining("open the region again");
    }

    @Test
    void shouldBeOpenedByItsDescriptor() {
        Region first = Region.createAnonymous(4096);
        try (Region second = Region.open(first.path().toString())) {
            first.close();
            second.counter("n").set(7);
            try (Region third = Region.open(second.path().toString())) {
                assertThat(third.counter("n").get()).isEqualTo(7);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGrowAndServeSeveralNamespaces(boolean several) {
        RegionOptions options = RegionOptions.DEFAULT.withFirstCapacity(0);
        try (Region region = Region.createAnonymous(1 << 20, several ? options.withSeveralPidNamespaces() : options)) {
            assertThat(region.severalPidNamespaces()).isEqualTo(several);
            region.memory("much", 1 << 19).fill((byte) 1);
            region.mutex("m").lock().close();
            assertThat(region.guarded("pair", new Pair(1, 2)).updateAndGet(p -> new Pair(p.one() + 1, p.other() - 1)))
                    .isEqualTo(new Pair(2, 1));
        }
    }

    @Test
    void shouldRefuseWhatIsBehindOtherDescriptors() {
        assertThatThrownBy(() -> Region.open("/proc/self/fd/9999"))
                .isInstanceOfSatisfying(
                        RegionException.class,
                        none -> assertThat(none.reason()).isEqualTo(RegionException.Reason.NOT_FOUND));
        try (Child child = Spawn.of("cat").stdin(Handover.pipeToChild()).start();
                Region region = Region.createAnonymous(0)) {
            assertThat(child.isAlive()).isTrue();
            assertThatThrownBy(() -> Region.delete(region.path().toString())).isInstanceOf(RegionException.class);
            assertThatThrownBy(() -> Region.open("/proc/self/fd/0")).isInstanceOf(RegionException.class);
            assertThatThrownBy(() -> Region.open("/proc/self/fd/../fd/0")).isInstanceOf(RegionException.class);
        }
    }
}
