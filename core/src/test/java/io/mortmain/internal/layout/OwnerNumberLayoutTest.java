package io.mortmain.internal.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers that stand for threads in regions for several PID namespaces. */
class OwnerNumberLayoutTest {
    private static final int LARGEST_TID = 1 << 22;
    private static final int TRIES = 100_000;

    @Test
    void shouldKeepEachPartAndNeverLookLikeAThreadIdOrAFlag() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            int record = random.nextInt(RegionGeometry.OWNER_RECORDS);
            int generation = random.nextInt();
            int thread = 1 + random.nextInt(OwnerNumberLayout.MOST_THREADS);
            int number = OwnerNumberLayout.of(record, generation, thread);
            String what = "seed " + seed + ": " + record + " " + generation + " " + thread;
            assertThat(OwnerNumberLayout.isOne(number)).as(what).isTrue();
            assertThat(number & ~GlibcMutexLayout.TID_MASK).as(what).isZero();
            assertThat(number).as(what).isGreaterThan(LARGEST_TID);
            assertThat(OwnerNumberLayout.record(number)).as(what).isEqualTo(record);
            assertThat(OwnerNumberLayout.thread(number)).as(what).isEqualTo(thread);
            assertThat(OwnerNumberLayout.isOfGeneration(number, generation))
                    .as(what)
                    .isTrue();
            assertThat(OwnerNumberLayout.isOfGeneration(number, generation + 1))
                    .as(what)
                    .isFalse();
            assertThat(OwnerNumberLayout.isOfRecord(number, record)).as(what).isTrue();
            assertThat(OwnerNumberLayout.isOfRecord(number, record ^ 1))
                    .as(what)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                LARGEST_TID,
                1 << 29, // without a thread
                GlibcMutexLayout.OWNER_DIED,
                GlibcMutexLayout.OWNER_INCONSISTENT,
                GlibcMutexLayout.OWNER_NOT_RECOVERABLE,
                GlibcMutexLayout.OWNER_REBOOTED,
                -1
            })
    void shouldNotTakeAnythingElseForOne(int number) {
        assertThat(OwnerNumberLayout.isOne(number)).isFalse();
        assertThat(OwnerNumberLayout.isOfRecord(number, OwnerNumberLayout.record(number)))
                .isFalse();
    }
}
