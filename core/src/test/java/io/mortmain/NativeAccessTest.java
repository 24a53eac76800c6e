package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Commands;
import io.mortmain.testing.Probe;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM that does not let the library call the kernel. */
class NativeAccessTest {
    @ParameterizedTest
    @ValueSource(strings = {"create", "open", "delete", "list", "inspect"})
    void shouldSayTheOptionWhenNativeAccessIsDenied(String action) {
        List<String> denied = List.of("--illegal-native-access=deny");
        assertThat(Commands.run(Commands.java(denied, Probe.class, action, "mortmain-test-denied"))
                        .said())
                .startsWith("java.lang.UnsupportedOperationException: native access is not enabled for Mortmain;"
                        + " start java with --enable-native-access=ALL-UNNAMED");
    }
}
