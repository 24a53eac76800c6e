package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.Region;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.PrivateMappings;
import io.mortmain.testing.TestRegion;
import org.junit.jupiter.api.Test;

/** Row A22: a mapping whose stores stay in this process. */
class PrivateMappingTest {
    @Test
    void shouldRefuseWhenTheFileIsMappedPrivately() {
        try (TestRegion name = new TestRegion()) {
            Region.create(name.name(), 0).close();
            long size = new RegionGeometry(0, 256).lockArea();
            try (OpenFile file = OpenFile.existing(name.path())) {
                long mapping = PrivateMappings.map(file, size);
                RegionException refused =
                        catchThrowableOfType(RegionException.class, () -> Mapping.requireShared(file, mapping));
                assertThat(refused.reason()).isEqualTo(RegionException.Reason.UNSUPPORTED_FILE_SYSTEM);
                assertThat(refused).hasMessageContainingAll(name.path(), "mapped privately", "MAP_SHARED");
                AddressSpace.unmap(mapping, size);
            }
        }
    }

    @Test
    void shouldAcceptWhenTheFileIsMappedShared() {
        try (TestRegion name = new TestRegion()) {
            Region.create(name.name(), 0).close();
            long size = new RegionGeometry(0, 256).lockArea();
            try (OpenFile file = OpenFile.existing(name.path())) {
                long mapping = AddressSpace.mapShared(file.descriptor(), 0, size, file.path());
                Mapping.requireShared(file, mapping);
                AddressSpace.unmap(mapping, size);
            }
        }
    }
}
