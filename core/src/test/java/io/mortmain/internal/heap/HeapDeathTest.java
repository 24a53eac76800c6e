package io.mortmain.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A holder is killed at every store of a heap's transaction, and so is who undoes it. */
class HeapDeathTest {
    @Test
    void shouldHaveAllOrNothingWhereverHoldersAreKilled() {
        HeapDeaths deaths = new HeapDeaths(StagedWords::new);
        HeapScenes.ALL.forEach(deaths::everywhere);
        System.out.printf(
                "heap: %d scenes, %,d kill points, %,d recoveries%n",
                HeapScenes.ALL.size(), deaths.killPoints(), deaths.memories());
        assertThat(deaths.killPoints()).isGreaterThan(1_500);
        assertThat(deaths.memories()).isGreaterThan(80_000);
    }
}
