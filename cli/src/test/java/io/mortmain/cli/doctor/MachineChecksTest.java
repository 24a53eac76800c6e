package io.mortmain.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineChecksTest {
    @ParameterizedTest
    @ValueSource(strings = {"5.15.0-91-generic", "5.15", "6.1.0", "10.0-rc1"})
    void shouldTakeKernelsFrom515On(String version) {
        assertThat(MachineChecks.isOlder(version)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.14.21", "4.18.0-553.el8.x86_64", "?", ""})
    void shouldRefuseOlderAndUnknownKernels(String version) {
        assertThat(MachineChecks.isOlder(version)).isTrue();
    }
}
