package io.mortmain.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void shouldTakeTheMiddleWhenCountIsOdd() {
        assertThat(Statistics.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Statistics(2, 1, 9, 9));
    }

    @Test
    void shouldTakeTheMeanOfTheMiddleTwoWhenCountIsEven() {
        assertThat(Statistics.of(List.of(4.0, 1.0, 2.0, 9.0)).median()).isEqualTo(3);
    }

    @Test
    void shouldLeaveOneOfAHundredAboveThePercentile() {
        List<Double> values = new ArrayList<>();
        for (int i = 100; i >= 1; i--) {
            values.add((double) i);
        }

        assertThat(Statistics.of(values).percentile99()).isEqualTo(99);
    }

    @Test
    void shouldDivideWithinARoundWhenRatiosAreTaken() {
        Statistics ratios = Statistics.ofRatios(List.of(10.0, 40.0, 90.0), List.of(10.0, 20.0, 30.0));

        assertThat(ratios).isEqualTo(new Statistics(2, 1, 3, 3));
    }

    @Test
    void shouldRefuseWhenThereIsNothingOrNoPair() {
        assertThatThrownBy(() -> Statistics.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Statistics.ofRatios(List.of(1.0), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
