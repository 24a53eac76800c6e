package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Commands;
import io.mortmain.testing.Probe;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row D5: two builds of the library that differ in the format. The other one is this one's source with one change, compiled here. */
class OtherBuildTest {
    private static final Path SOURCES = Path.of("src", "main", "java").toAbsolutePath();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RegionHeaderLayout | VERSION_VALUE = 1; | VERSION_VALUE = 2;"
                        + "| format version 1 and this library has 2; | format version 2 and this library has 1;",
                "MutexSlotLayout | RECOVERIES = 80; | RECOVERIES = 88; | its layout hash is | its layout hash is"
            })
    void shouldRefuseAndNameBothSidesWhenTheRegionIsOfAnotherBuild(
            String type, String was, String becomes, String otherSays, String thisSays) throws IOException {
        Path other = compileWith(type, was, becomes);
        try (TestRegion mine = new TestRegion();
                TestRegion others = new TestRegion()) {
            Region.create(mine.name(), 1 << 12).close();
            assertThat(probe(other, "create", others)).startsWith("done");
            assertThat(probe(other, "open", others)).startsWith("done");
            assertThat(probe(other, "open", mine)).startsWith("INCOMPATIBLE: ").contains(otherSays);
            assertThat(probe(Commands.CLASSES, "open", mine)).startsWith("done");
            assertThat(probe(Commands.CLASSES, "open", others))
                    .startsWith("INCOMPATIBLE: ")
                    .contains(thisSays);
        }
    }

    private static String probe(Path build, String what, TestRegion region) {
        return Commands.run(Commands.ofBuild(build, Probe.class, what, region.name()))
                .said();
    }

    private Path compileWith(String type, String was, String becomes) throws IOException {
        Path sources = folder.resolve("sources");
        String javac = Path.of(System.getProperty("java.home"), "bin", "javac").toString();
        List<String> command = new ArrayList<>(List.of(
                javac,
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-nowarn",
                "-proc:none",
                "-cp",
                jarOf(Nullable.class),
                "-d",
                folder.resolve("classes").toString()));
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(OtherBuildTest::isCompiled).toList()) {
                String text = Files.readString(file);
                if (file.endsWith(type + ".java")) {
                    assertThat(text).contains(was);
                    text = text.replace(was, becomes);
                }
                Path copy = sources.resolve(SOURCES.relativize(file));
                Files.createDirectories(copy.getParent());
                command.add(Files.writeString(copy, text).toString());
            }
        }
        Commands.Result compiled = Commands.run(command);
        assertThat(compiled.exitCode()).as(compiled.said()).isZero();
        return folder.resolve("classes");
    }

    /** Without the module's description, all is in the unnamed module, as in the other processes of the tests. */
    private static boolean isCompiled(Path file) {
        return file.toString().endsWith(".java") && !file.endsWith("module-info.java");
    }

    private static String jarOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }
}
