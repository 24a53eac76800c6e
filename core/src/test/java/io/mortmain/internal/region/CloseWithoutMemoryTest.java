package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.owner.OwnerRecords;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** D15: a heap that is full at any allocation of a close leaves a region that is open and can be closed, or one that is closed. */
class CloseWithoutMemoryTest {
    private static final RegionFile.Access ACCESS = new RegionFile.Access(0600, OptionalInt.empty(), false);
    private static final long UNTIL_FREED_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final int MOST_LINKS = 300;

    private record Ballast(Ballast rest, long[] weight) {}

    private static volatile Ballast ballast;
    private static volatile boolean isFull;

    private static void fillButFor(int links) {
        for (int words = 1 << 16; words > 0; words /= 2) {
            try {
                for (; ; ) {
                    ballast = new Ballast(ballast, new long[words]);
                }
            } catch (OutOfMemoryError full) {
                continue;
            }
        }
        Ballast kept = ballast;
        for (int i = 0; i < links && kept != null; i++) {
            kept = kept.rest;
        }
        ballast = kept;
        isFull = true;
    }

    /** With a small heap; another thread frees it after a while. */
    public static void main(String[] arguments) {
        boolean several = Boolean.parseBoolean(arguments[0]);
        Thread freeing = Thread.ofPlatform().daemon().start(CloseWithoutMemoryTest::freeAgainAndAgain);
        int refused = 0;
        int attempts = 0;
        try (TestRegion name = new TestRegion()) {
            Path path = Path.of(name.path());
            RegionFile.create(path, new RegionGeometry(0, 16), several, ACCESS).close(() -> {});
            for (int links = 0; links < MOST_LINKS; links += 2 + links / 10) {
                Mapping mapping = RegionFile.open(path, ACCESS);
                int left = links;
                attempts++;
                try {
                    mapping.close(() -> fillButFor(left));
                } catch (OutOfMemoryError full) {
                    isFull = false;
                    ballast = null;
                    refused++;
                    mapping.close(() -> {});
                }
                isFull = false;
                ballast = null;
                requireAllFree(name, mapping.geometry());
            }
        }
        System.out.println("refused " + refused + " of " + attempts + (freeing.isAlive() ? "" : " without help"));
    }

    private static void freeAgainAndAgain() {
        for (; ; ) {
            LockSupport.parkNanos(UNTIL_FREED_NANOS);
            if (isFull) {
                LockSupport.parkNanos(UNTIL_FREED_NANOS);
                isFull = false;
                ballast = null;
            }
        }
    }

    private static void requireAllFree(TestRegion name, RegionGeometry geometry) {
        try (OpenFile file = OpenFile.existing(name.path())) {
            if (!OwnerRecords.whileAllFree(file, geometry, () -> {})) {
                throw new IllegalStateException("a record was kept");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeClosedOrAsBefore(boolean severalPidNamespaces) {
        try (TestProcess process = TestProcess.java(
                List.of("-Xmx16m"), CloseWithoutMemoryTest.class, Boolean.toString(severalPidNamespaces))) {
            String said = process.expect("refused");
            System.out.println("CloseWithoutMemoryTest: " + said);
            assertThat(said).doesNotContain("without");
            assertThat(process.exitCode()).isZero();
        }
    }
}
