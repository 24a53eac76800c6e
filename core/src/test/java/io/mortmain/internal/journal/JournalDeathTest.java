package io.mortmain.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** B8: a holder is killed at every store of a transaction, and so are those who undo it. */
class JournalDeathTest {
    @Test
    void shouldHaveAllOrNothingWhereverHoldersAreKilled() {
        Deaths deaths = new Deaths(Holder::new);
        List<List<Change>> all = Changes.all();
        all.forEach(deaths::everywhere);
        System.out.printf(
                "journal: %,d holds, %,d kill points, %,d recoveries%n",
                all.size(), deaths.killPoints(), deaths.memories());
        assertThat(all).hasSizeGreaterThan(400);
        assertThat(deaths.killPoints()).isGreaterThan(150_000);
        assertThat(deaths.memories()).isGreaterThan(1_500_000);
    }
}
