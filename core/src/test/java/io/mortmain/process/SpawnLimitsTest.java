package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.testing.TestProcess;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A limit that is reached is told as one, wherever on the way it is reached, and nothing stays open. */
class SpawnLimitsTest {
    @Test
    void shouldLeaveTheNumbersOfTheStreamsFree() throws Exception {
        try (TestProcess parent = TestProcess.java(StreamlessParent.class)) {
            assertThat(parent.next()).startsWith("another: pipe:");
            assertThat(parent.next()).isEqualTo("closed: true");
            assertThat(parent.next()).isEqualTo("number taken: false");
            assertThat(parent.next()).isEqualTo("standard input of another child: none of a child's");
        }
    }

    /** The JVM opens its own files before anything else, the first of them by the number of a closed stream. */
    @Test
    void shouldGiveNoFileOfTheJvmForAStreamThatIsClosed() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
        command.addAll(TestProcess.javaCommand(List.of(), StreamlessParent.class, "look"));
        try (Child parent = Spawn.of(command).stdout(Handover.pipeFromChild()).start()) {
            String said = new String(Channels.newInputStream(parent.stdout()).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said.lines().findFirst()).hasValue("another: none");
        }
    }

    @Test
    void shouldTellALimitAndLeaveNothing() throws Exception {
        boolean isRoot = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        try (TestProcess parent = TestProcess.java(LimitedParent.class)) {
            assertThat(parent.next()).isEqualTo("warm: NOT_FOUND 2, started");
            assertThat(parent.next()).isEqualTo("descriptors: [LIMIT_REACHED 24, started], several tries");
            assertThat(parent.next()).isEqualTo("highest: started");
            assertThat(parent.next()).isEqualTo("address space: LIMIT_REACHED 12");
            assumeTrue(isRoot, "root can become another user");
            assertThat(parent.next()).isEqualTo("another user: true");
            assertThat(parent.next()).isEqualTo("processes: LIMIT_REACHED 11");
            assertThat(parent.next()).isEqualTo("after all: started");
        }
    }
}
