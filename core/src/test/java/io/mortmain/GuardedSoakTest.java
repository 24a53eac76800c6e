package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Seed;
import io.mortmain.testing.TestRegion;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Three Java processes and one C process change one record of 2,001 words, each transaction all of it, while they are killed by SIGKILL.
 * No process ever sees words of two versions, none finds a version again that was committed, and nobody hangs. 40 kills; {@code
 * -Dtest=GuardedSoakTest -Dmortmain.soak=true} does 2,000.
 */
class GuardedSoakTest {
    private static final int KILLS = Boolean.getBoolean("mortmain.soak") ? 2_000 : 40;
    private static final int INSIDE_SHARE = 3;

    @Test
    void shouldNeverShowAHalfWrittenRecord() throws Exception {
        long seed = Seed.of("soak");
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 20);
                SoakKiller killer = new SoakKiller(name, region, new Random(seed))) {
            SoakKiller.Report report = killer.kill(KILLS);
            System.out.println("GuardedSoakTest: " + report.inWords());
            assertThat(report.torn()).as("torn").isZero();
            assertThat(report.lost()).as("commits that were lost").isZero();
            assertThat(report.inside() * INSIDE_SHARE).as("a third inside").isGreaterThanOrEqualTo(KILLS);
            assertThat(report.rollBacks()).isPositive();
        }
    }
}
