package io.mortmain.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForkHandlersTest {
    @ParameterizedTest
    @CsvSource({"2.31,false", "2.35,false", "2.36,true", "2.40.9000,true", "'',false"})
    void shouldBeAllowedToWaitWhereGlibcHoldsNoLock(String glibc, boolean may) {
        assertThat(ForkHandlers.mayWait(glibc)).isEqualTo(may);
    }
}
