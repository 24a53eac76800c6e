package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process scribbles over all of a live region while two JVMs use it, and another region beside it, in every way that there is. No JVM
 * crashes, no operation hangs, nothing but typed exceptions is thrown, nothing outside of the region is written, and the region beside
 * it stays exact. {@code lock} without a time limit and {@code reset} are not used: a forged holder that lives is waited for.
 */
class RegionFuzzTest {
    private static final int SECONDS = Integer.getInteger("io.mortmain.test.fuzz.seconds", 4);
    private static final int SOUND_MUTEXES = 2;

    @TempDir
    private Path folder;

    @Test
    void shouldSurviveAProcessThatScribblesOverTheWholeRegion() throws Exception {
        long seed = Long.getLong("io.mortmain.test.seed", new Random().nextLong());
        System.out.println("scribbling with -Dio.mortmain.test.seed=" + seed);
        try (TestRegion hostile = new TestRegion();
                TestRegion sound = new TestRegion();
                Region region = Region.create(sound.name(), 4096)) {
            MemorySegment counters = region.memory("counters", Long.BYTES * SOUND_MUTEXES);
            RobustMutex[] mutexes = {region.mutex("sound-0"), region.mutex("sound-1")};
            createHostile(hostile);
            byte[] before = Files.readAllBytes(Path.of(sound.path()));
            long[] increments = fuzz(hostile, sound, seed);
            for (int i = 0; i < SOUND_MUTEXES; i++) {
                try (Hold hold = mutexes[i].lock()) {
                    assertThat(hold.predecessorDied()).isFalse();
                    assertThat(counters.getAtIndex(ValueLayout.JAVA_LONG, i)).isEqualTo(increments[i]);
                }
            }
            assertSameButForWhatIsUsed(before, Files.readAllBytes(Path.of(sound.path())));
            Files.delete(Path.of(hostile.path()));
        }
    }

    private static void createHostile(TestRegion name) {
        try (Region region = Region.create(name.name(), 131_072)) {
            region.mutex("checking");
            region.mutex("normal", MutexKind.NORMAL, null);
            region.mutex("repaired");
            region.mutex("recursive", MutexKind.RECURSIVE, null);
            region.memory("data", 256);
            FuzzData.create(region);
        }
    }

    /** How often the counter under each sound mutex was incremented, as those who did it say. */
    private long[] fuzz(TestRegion hostile, TestRegion sound, long seed) throws IOException {
        try (TestProcess stays = victim("stays", 4, hostile, sound, seed);
                TestProcess comesAndGoes = victim("comes-and-goes", 1, hostile, sound, ~seed)) {
            String pids = stays.pid() + "," + comesAndGoes.pid();
            List<String> arguments = Stream.concat(
                            Stream.of(hostile.path(), Long.toString(seed), pids),
                            Stream.of(stays, comesAndGoes).flatMap(RegionFuzzTest::addresses))
                    .toList();
            try (TestProcess scribbler = TestProcess.peer(RegionScribbler.class, arguments.toArray(String[]::new))) {
                scribbler.expect("scribbling");
                stays.say("go");
                comesAndGoes.say("go");
                long[] first;
                try {
                    first = increments(stays);
                } catch (
                        AssertionError
                                failed) { // the one that failed first may be the other, whose death it was told of
                    failed.addSuppressed(new AssertionError("the other said " + comesAndGoes.untilEnd()));
                    throw failed;
                }
                long[] second = increments(comesAndGoes);
                assertThat(scribbler.isAlive()).isTrue();
                return new long[] {first[0] + second[0], first[1] + second[1]};
            }
        }
    }

    private TestProcess victim(String how, int compiler, TestRegion hostile, TestRegion sound, long seed) {
        List<String> options = List.of(
                "-XX:TieredStopAtLevel=" + compiler,
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve(how));
        return TestProcess.java(
                options,
                FuzzVictim.class,
                how,
                hostile.name(),
                sound.name(),
                Integer.toString(SECONDS),
                Long.toString(seed));
    }

    private static Stream<String> addresses(TestProcess victim) {
        return Arrays.stream(victim.expect("ready ").split(" ", -1)).skip(1);
    }

    private long[] increments(TestProcess victim) throws IOException {
        String done = victim.expect("done ");
        System.out.println(done);
        assertThat(victim.exitCode()).isZero();
        try (Stream<Path> errorFiles = Files.list(folder)) {
            assertThat(errorFiles).isEmpty();
        }
        assertThat(done).doesNotContain("acquired 0, refused 0", " 0 rounds");
        return Arrays.stream(done.split(" ", -1))
                .skip(1)
                .limit(SOUND_MUTEXES)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    /** The page that openers count in, the mutexes of directory and test, and the counters are written; nothing else ever is. */
    private static void assertSameButForWhatIsUsed(byte[] before, byte[] after) {
        RegionGeometry geometry = new RegionGeometry(4096, RegionOptions.DEFAULT.maxObjects());
        // entry 0 is the memory object, so the mutexes have slots 2 and 3
        int slots = (2 + SOUND_MUTEXES) * MutexSlotLayout.SIZE;
        for (byte[] file : List.of(before, after)) {
            Arrays.fill(file, RegionGeometry.STATE_PAGE, RegionGeometry.STATE_PAGE + Integer.BYTES, (byte) 0);
            Arrays.fill(file, (int) geometry.lockArea(), (int) geometry.lockArea() + slots, (byte) 0);
            Arrays.fill(file, (int) geometry.data(), (int) geometry.data() + SOUND_MUTEXES * Long.BYTES, (byte) 0);
        }
        assertThat(Arrays.mismatch(before, after)).as("first byte that differs").isEqualTo(-1);
    }
}
