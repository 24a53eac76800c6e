package io.mortmain.cli.stepper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillPointsTest {
    private static final long SEED = 123_456;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 6, 12, 146, 335, 1000, 20_011})
    void shouldHaveEachInstructionOnce(int count) {
        KillPoints order = new KillPoints(count, SEED);
        int[] expected = IntStream.rangeClosed(1, count).toArray();
        assertThat(IntStream.range(0, count).map(order::at).sorted().toArray()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 60, 150})
    void shouldLieEvenlyHoweverManyThereWasTimeFor(int tried) {
        int count = 335;
        KillPoints order = new KillPoints(count, SEED);
        int[] sorted = IntStream.range(0, tried).map(order::at).sorted().toArray();
        int widest = count + sorted[0] - sorted[tried - 1];
        for (int i = 1; i < tried; i++) {
            widest = Math.max(widest, sorted[i] - sorted[i - 1]);
        }
        assertThat(widest).isLessThanOrEqualTo(3 * count / tried);
    }

    @Test
    void shouldBeginWhereTheSeedSays() {
        assertThat(new KillPoints(100, 0).at(0)).isEqualTo(1);
        assertThat(new KillPoints(100, 99).at(0)).isEqualTo(100);
        assertThat(new KillPoints(100, 100).at(0)).isEqualTo(1);
    }
}
