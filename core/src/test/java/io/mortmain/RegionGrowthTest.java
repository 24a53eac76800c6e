package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row D14: a process that opens and closes for ever. The default build does 5,000 rounds;
 * {@code -Dtest=RegionGrowthTest -Dmortmain.soak=true} does 100,000.
 */
class RegionGrowthTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGrowNothingWhenRegionsAreOpenedAndClosedInTurn(boolean severalPidNamespaces) {
        int rounds = Boolean.getBoolean("mortmain.soak") ? 100_000 : 5_000;
        try (TestRegion name = existing(severalPidNamespaces);
                TestProcess process = TestProcess.java(
                        List.of("-Xmx64m", "-Xms64m", "-XX:+AlwaysPreTouch"),
                        Opener.class,
                        name.name(),
                        Integer.toString(rounds))) {
            int[] before = numbers(process.expect("before"));
            int[] after = numbers(process.expect("after"));
            System.out.println("RegionGrowthTest: " + rounds + " rounds in " + after[3] + " ms; mappings " + before[0]
                    + " to " + after[0] + ", descriptors " + before[1] + " to " + after[1] + ", resident KiB "
                    + before[2]
                    + " to " + after[2]);
            assertThat(after[0]).as("mappings").isLessThanOrEqualTo(before[0] + 8);
            assertThat(after[1])
                    .as("descriptors")
                    .isLessThanOrEqualTo(before[1]); // the warm-up gives one back a second later
            assertThat(after[2]).as("resident KiB").isLessThan(before[2] + 16 * 1024);
            assertThat(process.exitCode()).isZero();
        }
    }

    private static TestRegion existing(boolean severalPidNamespaces) {
        TestRegion name = new TestRegion();
        RegionOptions several = RegionOptions.DEFAULT.withSeveralPidNamespaces();
        Region.create(name.name(), 1 << 16, severalPidNamespaces ? several : RegionOptions.DEFAULT)
                .close();
        return name;
    }

    private static int[] numbers(String line) {
        return List.of(line.split(" ")).stream()
                .skip(1)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    static final class Opener {
        private static final int WARM_UP = 2_000;

        public static void main(String[] arguments) throws Exception {
            String name = arguments[0];
            rounds(name, WARM_UP);
            say("before", 0);
            long start = System.nanoTime();
            rounds(name, Integer.parseInt(arguments[1]));
            say("after", (System.nanoTime() - start) / 1_000_000);
        }

        private static void rounds(String name, int rounds) {
            for (int round = 0; round < rounds; round++) {
                try (Region region = Region.open(name);
                        Hold hold = region.mutex("book").lock()) {
                    region.memory("page", 1 << 15).set(java.lang.foreign.ValueLayout.JAVA_INT, 0, round);
                    hold.close();
                }
            }
        }

        private static void say(String when, long millis) throws IOException {
            System.gc();
            long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            try (var mappings = Files.lines(Path.of("/proc/self/maps"));
                    var descriptors = Files.list(Path.of("/proc/self/fd"))) {
                System.out.println(
                        when + " " + mappings.count() + " " + descriptors.count() + " " + resident + " " + millis);
            }
        }
    }
}
