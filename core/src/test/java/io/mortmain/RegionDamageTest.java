package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.LockException;
import io.mortmain.errors.MortmainException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Row D4: damaged and hostile files, opened in a JVM of their own, so that a crash or a hang would be seen. */
class RegionDamageTest {
    @Test
    void shouldRefuseEachFlippedByteOfTheHeader() {
        assertThat(inChild("header", 0)).startsWith("refused 4096 of 4096");
    }

    @Test
    void shouldRefuseEachFlippedByteOfADirectoryEntry() {
        assertThat(inChild("entry", 0))
                .startsWith("refused " + 2 * DirectoryEntryLayout.SIZE + " of " + 2 * DirectoryEntryLayout.SIZE);
    }

    @Test
    void shouldNeitherCrashNorHangWhenPagesAreRandom() {
        long seed = Seed.of("random pages");
        assertThat(inChild("random", seed)).startsWith("refused");
    }

    private static String inChild(String what, long seed) {
        try (TestRegion name = new TestRegion();
                TestProcess child = TestProcess.java(Victim.class, what, name.name(), Long.toString(seed))) {
            String said = child.expect("");
            System.out.println("RegionDamageTest: " + what + ": " + said);
            assertThat(child.exitCode()).isZero();
            return said;
        }
    }

    static final class Victim {
        private static final int ROUNDS = 1_500;

        record Pair(long one, long other) {}

        private final String name;
        private final Map<String, Integer> reasons = new TreeMap<>();
        private int tried;
        private int refused;

        Victim(String name) {
            this.name = name;
        }

        public static void main(String[] arguments) throws IOException {
            Victim victim = new Victim(arguments[1]);
            try (Region region = Region.create(victim.name, 1 << 12, RegionOptions.DEFAULT.withMaxObjects(16))) {
                region.mutex("book").lock().close();
                region.memory("page", 100);
                region.guarded("pair", new Pair(1, -1));
                region.counter("hits");
            }
            try (RandomAccessFile file = new RandomAccessFile("/dev/shm/" + victim.name, "rw")) {
                switch (arguments[0]) {
                    case "header" -> victim.flipAll(file, 0, RegionHeaderLayout.SIZE);
                    case "entry" -> victim.flipAll(file, RegionGeometry.DIRECTORY, 2 * DirectoryEntryLayout.SIZE);
                    default -> victim.scribble(file, new Random(Long.parseLong(arguments[2])));
                }
            }
            System.out.println("refused " + victim.refused + " of " + victim.tried + " " + victim.reasons);
        }

        private void flipAll(RandomAccessFile file, int from, int count) throws IOException {
            for (int at = from; at < from + count; at++) {
                file.seek(at);
                int right = file.read();
                put(file, at, right ^ 0xff);
                use();
                put(file, at, right);
            }
            int before = refused;
            use();
            if (refused != before) {
                throw new AssertionError("the mended file is refused");
            }
            tried--;
        }

        /** Up to four runs of random bytes anywhere in the file, mended afterwards. */
        private void scribble(RandomAccessFile file, Random random) throws IOException {
            byte[] right = new byte[(int) file.length()];
            file.readFully(right);
            long lockArea = new RegionGeometry(1 << 12, 16).lockArea();
            for (int round = 0; round < ROUNDS; round++) {
                for (int runs = 1 + random.nextInt(4); runs > 0; runs--) {
                    byte[] wrong = new byte[1 + random.nextInt(4096)];
                    random.nextBytes(wrong);
                    long[] starts = {0, RegionGeometry.DIRECTORY, lockArea, 0};
                    int start = random.nextInt(starts.length);
                    int within = start == 3 ? right.length - wrong.length : 512;
                    file.seek(starts[start] + random.nextInt(within));
                    file.write(wrong);
                }
                use();
                file.setLength(right.length);
                file.seek(0);
                file.write(right);
            }
        }

        private static void put(RandomAccessFile file, int at, int value) throws IOException {
            file.seek(at);
            file.write(value);
        }

        /** Opens and uses everything; a refusal must be typed and say what to do. */
        private void use() {
            tried++;
            boolean wasRefused = count(() -> Region.inspect(name));
            wasRefused |= count(() -> {
                try (Region region = Region.open(name)) {
                    region.memory("page", 100).set(java.lang.foreign.ValueLayout.JAVA_BYTE, 99, (byte) 1);
                    try (Hold hold = region.mutex("book").tryLock(Duration.ofMillis(1))) {
                        if (hold != null && hold.predecessorDied()) {
                            hold.markConsistent();
                        }
                    } catch (InterruptedException never) {
                        throw new AssertionError(never);
                    }
                }
            });
            wasRefused |= count(() -> {
                try (Region region = Region.open(name)) {
                    region.counter("hits").incrementAndGet();
                    region.guarded("pair").get(Duration.ZERO);
                } catch (InterruptedException never) {
                    throw new AssertionError(never);
                }
            });
            refused += wasRefused ? 1 : 0;
        }

        private boolean count(Runnable action) {
            try {
                action.run();
                return false;
            } catch (RegionException | LockException clear) {
                if (!clear.getMessage().contains(name) || !clear.getMessage().contains("; ")) {
                    throw new AssertionError("not a sentence with values and cure", clear);
                }
                reasons.merge(reasonOf(clear), 1, Integer::sum);
                return true;
            }
        }

        private static String reasonOf(MortmainException clear) {
            return clear instanceof RegionException region
                    ? region.reason().name()
                    : ((LockException) clear).reason().name();
        }
    }
}
