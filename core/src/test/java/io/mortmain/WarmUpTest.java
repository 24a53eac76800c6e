package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The warm-up runs in the JVM of a user, which has assertions switched off. */
class WarmUpTest {
    /** Says whether everything was exercised by the time the region was there. */
    public static void main(String[] arguments) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            region.mutex("first").lock().close();
            System.out.println(WarmUp.exercised ? "warm" : "cold");
        }
    }

    @Test
    void shouldRunWithoutAssertions() {
        try (TestProcess java = TestProcess.java(List.of("-da"), WarmUpTest.class)) {
            assertThat(java.expect("")).isEqualTo("warm");
        }
    }
}
