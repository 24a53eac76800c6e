package io.mortmain.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nobody depends on this module, so it is not distributed either: it reaches into the library where nobody else may. */
class ArchitectureTest {
    private static final String ARTIFACT = "<artifactId>mortmain-stress</artifactId>";
    private static final Path ROOT = Path.of("..");

    @Test
    void shouldBeUsedByNobody() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> naming = modules.map(module -> module.resolve("pom.xml"))
                    .filter(Files::exists)
                    .filter(ArchitectureTest::namesThisModule)
                    .toList();
            assertThat(naming)
                    .as("modules whose pom.xml names this one")
                    .containsExactly(ROOT.resolve("stress/pom.xml"));
        }
        assertThat(ROOT.resolve("pom.xml"))
                .content()
                .contains("<module>stress</module>")
                .doesNotContain(ARTIFACT);
    }

    private static boolean namesThisModule(Path pom) {
        try {
            return Files.readString(pom).contains(ARTIFACT);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
