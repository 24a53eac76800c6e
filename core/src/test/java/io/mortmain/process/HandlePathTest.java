package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Region;
import io.mortmain.testing.TestRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Two handles of one process on one file share its mapping, and each has the name by which it was opened. */
class HandlePathTest {
    @Test
    void shouldHaveItsOwnNameWhereAnotherHandlesIsGone() throws Exception {
        try (TestRegion name = new TestRegion();
                TestRegion other = new TestRegion()) {
            Region.create(name.name(), 0).close();
            Files.createLink(Path.of(other.path()), Path.of(name.path()));
            try (Region first = Region.open(other.name())) {
                Region.delete(other.name());
                try (Region second = Region.open(name.name())) {
                    assertThat(first.path()).hasToString(other.path());
                    assertThat(second.path()).hasToString(name.path());
                    try (Child child = Spawn.of("true").pass("region", second).start()) {
                        assertThat(child.await().isSuccess()).isTrue();
                    }
                }
            }
        }
    }
}
