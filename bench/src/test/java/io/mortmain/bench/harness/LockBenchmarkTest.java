package io.mortmain.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.bench.peer.Belongings;
import io.mortmain.bench.peer.Shape;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each section with few samples, and what must make the benchmark fail. */
class LockBenchmarkTest {
    private static final Settings TINY = new Settings(MutexKind.ERROR_CHECKING, 1, 1, 1, 0, 2, 10, 2, 1);

    @Test
    void shouldMeasureEveryShapeBesideCWhenUncontended(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();
        Path file = folder.resolve("raw.json");

        new LockBenchmark(TINY, EnumSet.of(Section.UNCONTENDED, Section.ALLOCATION), library(), new PrintWriter(out))
                .run("the test", file);

        assertThat(out.toString())
                .contains("mutex in a field, before", "ratio to the build before")
                .contains("floor: CAS + exchange", "C, robust, nested", "Allocation:");
        for (Shape shape : Shape.values()) {
            assertThat(out.toString()).contains(shape.title());
            assertThat(Files.readString(file)).contains("\"" + shape.title() + "\": {\"medianNanosPerPair\"");
        }
    }

    @Test
    void shouldContendAndKillAndLeaveNothingWhenRun(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();
        Path file = folder.resolve("raw.json");

        new LockBenchmark(TINY, EnumSet.of(Section.CONTENDED, Section.KILL), null, new PrintWriter(out))
                .run("the test", file);

        assertThat(out.toString())
                .contains(
                        "command: the test",
                        "From SIGKILL to told",
                        "Java waits, C is killed, unreported",
                        "Java waits, Java is killed");
        if (Processors.allowed().size() > 1) {
            assertThat(out.toString()).contains("Java and Java", "every count was exact");
        }
        assertThat(Files.readString(file)).contains("\"killToToldMicros\"", "\"contended\"");
        assertThat(Region.list()).noneMatch(name -> name.equals(Belongings.name()));
    }

    @Test
    void shouldLeaveNoFilesWhenTheRegionCannotBeMade(@TempDir Path folder) {
        Path file = folder.resolve("raw.json");
        String name = Belongings.name();
        List<String> before = temporaryFolders();
        try (Region taken = Region.create(name, 0)) {
            LockBenchmark benchmark =
                    new LockBenchmark(TINY, EnumSet.of(Section.KILL), null, new PrintWriter(new StringWriter()));
            assertThatThrownBy(() -> benchmark.run("the test", file))
                    .hasMessageContaining(taken.path().toString());
        } finally {
            Region.delete(name);
        }
        assertThat(file).doesNotExist();
        assertThat(temporaryFolders()).isEqualTo(before);
    }

    /** Of this process. */
    private static List<String> temporaryFolders() {
        String[] names = new File(System.getProperty("java.io.tmpdir"))
                .list((_, name) -> name.startsWith(Belongings.name() + "-"));
        return Stream.of(names).sorted().toList();
    }

    @Test
    void shouldShareTheRoundsAmongGenerationsOfJvms() {
        assertThat(shares(12, 3)).containsExactly(4, 4, 4);
        assertThat(shares(5, 3)).containsExactly(1, 2, 2);
        assertThat(shares(2, 3)).containsExactly(1, 1);
        assertThat(shares(1, 3)).containsExactly(1);
    }

    private static List<Integer> shares(int rounds, int generations) {
        return Generations.shares(new Settings(MutexKind.ERROR_CHECKING, generations, rounds, 1, 0, 1, 1, 1, 1));
    }

    @Test
    void shouldFailWhenTheCounterLostAnIncrement() {
        ContendedSection.requireExact("C and C", 100, 100);

        assertThatThrownBy(() -> ContendedSection.requireExact("C and C", 100, 99))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("did not exclude")
                .hasMessageContaining("100")
                .hasMessageContaining("99");
    }

    @Test
    void shouldFailWhenAWaiterWasNotTold() {
        String clean = "echo ready 1; read command; echo clean 5; read command";
        try (PeerProcess waiter = PeerProcess.start("a waiter", List.of("sh", "-c", clean))) {
            waiter.tell("wait");

            assertThatThrownBy(() -> waiter.await("told"))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("clean 5");
        }
    }

    @Test
    void shouldSayWhatAPeerSaidWhenItEnds() {
        String ending = "echo ready 1; echo error lock: no such thing";
        try (PeerProcess peer = PeerProcess.start("a peer", List.of("sh", "-c", ending))) {
            assertThatThrownBy(() -> peer.await("held")).hasMessageContaining("error lock: no such thing");
            assertThatThrownBy(() -> peer.await("held")).hasMessageContaining("end");
        }
    }

    /** This build, in place of another. */
    private static Path library() throws URISyntaxException {
        return Path.of(
                Region.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
