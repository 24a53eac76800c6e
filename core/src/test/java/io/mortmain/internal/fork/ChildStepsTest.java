package io.mortmain.internal.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mortmain.internal.linux.OpenFile;
import io.mortmain.testing.Forks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What real children of this JVM do before fork(2) returns in them. */
class ChildStepsTest {
    private static final int GONE = 1;
    private static final int THERE = 0;

    private final ChildSteps steps = ForkBell.installed().childSteps();

    @Test
    void shouldCloseADescriptor() {
        try (OpenFile file = OpenFile.nameless("/dev/shm")) {
            assertThat(Forks.call("closed_in_child", file.descriptor())).isEqualTo(THERE);
            try (ChildSteps.Step step = steps.close(file.descriptor())) {
                assertThat(Forks.call("closed_in_child", file.descriptor())).isEqualTo(GONE);
                step.close();
                assertThat(Forks.call("closed_in_child", file.descriptor())).isEqualTo(THERE);
            }
            assertThat(file.status().size()).as("open here").isZero();
        }
    }

    /** Whatever was taken back before and between. */
    @Test
    void shouldTakeAllStepsUntilThereIsNoRoom() {
        List<ChildSteps.Step> many = new ArrayList<>();
        assertThatIllegalStateException().isThrownBy(() -> {
            while (true) {
                many.add(steps.close(-1));
            }
        });
        assertThat(many).hasSizeGreaterThan(1_500);
        many.get(0).close();
        many.get(50).close();
        try (OpenFile file = OpenFile.nameless("/dev/shm")) {
            try (ChildSteps.Step between = steps.close(file.descriptor())) {
                assertThat(between).isNotNull();
                assertThat(Forks.call("closed_in_child", file.descriptor())).isEqualTo(GONE);
            }
            many.removeLast().close();
            many.add(steps.close(-1)); // where the first was
            many.add(steps.close(-1));
            try (ChildSteps.Step atTheEnd = steps.close(file.descriptor())) {
                many.forEach(ChildSteps.Step::close);
                assertThat(Forks.call("closed_in_child", file.descriptor())).isEqualTo(GONE);
                assertThat(atTheEnd).isNotNull();
            }
            assertThat(Forks.call("closed_in_child", file.descriptor())).isEqualTo(THERE);
        }
    }
}
