package io.mortmain.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.MutexKind;
import io.mortmain.bench.pair.GuardedShape;
import io.mortmain.bench.pair.Means;
import io.mortmain.bench.peer.Belongings;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every row with few samples, and what guarded data must not cost. */
class GuardedBenchmarkTest {
    private static final Settings TINY = new Settings(MutexKind.ERROR_CHECKING, 1, 2, 1, 0, 1, 1, 1, 1);
    private static final int LONG_ENOUGH_TO_COMPILE_MILLIS = 500;
    private static final int MOST_ATTEMPTS = 30;

    @Test
    void shouldMeasureEveryRowBesideTheBareLockAndLeaveNothing(@TempDir Path folder) throws Exception {
        StringWriter out = new StringWriter();
        Path file = folder.resolve("raw.json");

        new GuardedBenchmark(TINY, new PrintWriter(out)).run("the test", file);

        assertThat(out.toString())
                .contains("command: the test", "Mortmain, lock + unlock alone", "ratio to bare lock")
                .contains("C, robust lock + two stores + unlock");
        String raw = Files.readString(file);
        Stream.concat(
                        Stream.of(GuardedShape.values()).map(shape -> "Mortmain, " + shape.title()),
                        Stream.of(Means.values())
                                .filter(means -> means != Means.GUARDED)
                                .map(Means::title))
                .forEach(title -> {
                    assertThat(out.toString()).contains(title);
                    assertThat(raw).contains("\"" + title + "\": {\"medianNanosPerChange\"");
                });
        assertThat(new File("/dev/shm").list())
                .noneMatch(name -> name.equals(Belongings.name()) || name.startsWith(Belongings.name() + "-"));
    }

    @Test
    void shouldAllocateNothingWhenARecordOfNumbersIsUpdated() {
        try (Workbench bench = new Workbench(MutexKind.ERROR_CHECKING, null);
                PeerProcess peer = GuardedSection.startJava(bench, GuardedShape.UPDATE)) {
            double least = Double.MAX_VALUE;
            for (int attempt = 0;
                    attempt < MOST_ATTEMPTS && least >= 0.01;
                    attempt++) { // compilers may be busy for long
                WarmUp.run(List.of(peer), LONG_ENOUGH_TO_COMPILE_MILLIS);
                least = GuardedSection.allocation(peer);
            }
            assertThat(least).isLessThan(0.01); // an object in each would be 16
        }
    }
}
