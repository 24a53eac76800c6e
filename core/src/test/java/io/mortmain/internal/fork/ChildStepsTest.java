package io.mortmain.internal.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.testing.Forks;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What real children of this JVM do before fork(2) returns in them. */
class ChildStepsTest {
    private static final int SIGUSR1 = 10;
    private static final int ENDED = 7;
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

    @Test
    void shouldUnmapMemory() {
        long page = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
        assertThat(Forks.callAt("unmapped_in_child", page)).isEqualTo(THERE);
        try (ChildSteps.Step unmapped = steps.unmap(page, AddressSpace.PAGE_SIZE)) {
            assertThat(Forks.callAt("unmapped_in_child", page)).isEqualTo(GONE);
            assertThat(unmapped).isNotNull();
        }
        AddressSpace.unmap(page, AddressSpace.PAGE_SIZE);
    }

    @Test
    void shouldResetAHandler() {
        assertThat(Forks.call("install_handler")).isZero();
        assertThat(Forks.call("default_in_child", SIGUSR1)).isZero();
        long byDefault = Arena.global().allocate(32, Long.BYTES).address();
        try (ChildSteps.Step reset = steps.setHandler(SIGUSR1, byDefault)) {
            assertThat(Forks.call("default_in_child", SIGUSR1)).isEqualTo(1);
            assertThat(reset).isNotNull();
        }
    }

    @Test
    void shouldEndTheChild() {
        try (ChildSteps.Step exit = steps.exit(42)) {
            assertThat(Forks.call("fork_and_end")).isEqualTo(42);
            assertThat(exit).isNotNull();
        }
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
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
        assertThat(many).hasSizeGreaterThan(90);
        many.get(0).close();
        many.get(50).close();
        try (ChildSteps.Step unused = steps.exit(42)) {
            assertThat(unused).isNotNull();
            assertThat(Forks.call("fork_and_end")).isEqualTo(42);
        }
        ChildSteps.Step last = many.removeLast();
        last.close();
        try (ChildSteps.Step atTheEnd = steps.exit(43)) {
            many.forEach(ChildSteps.Step::close);
            assertThat(Forks.call("fork_and_end")).isEqualTo(43);
            assertThat(atTheEnd).isNotNull();
        }
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
    }
}
