package io.mortmain.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalSizeTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "24", "24 x", "-1 80", "9999999999 80", "0 0"})
    void shouldBeUnknownWhenNotTwoNumbers(String text) {
        assertThat(TerminalSize.parse(text)).isEqualTo(TerminalSize.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "24 80, 32, true",
        "22 80, 32, true",
        "21 80, 32, false",
        "19 80, 4, true",
        "18 80, 4, false",
        "24 79, 4, false",
        "0 0, 2, false"
    })
    void shouldFitWhenNoLineBreaksOrScrollsAway(String size, int workers, boolean fits) {
        assertThat(Picture.fits(TerminalSize.parse(size), workers)).isEqualTo(fits);
    }
}
