package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.mortmain.testing.Forks;
import io.mortmain.testing.TestProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native forks in flight recordings, and where they cannot be told of. */
class ForkObservationTest {
    private static final int FIRST_FORKS = 5;

    @TempDir
    private Path folder;

    @Test
    void shouldBeInFlightRecordings() throws Exception {
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        int child;
        try (Recording recording = new Recording();
                ForkHooks.Registration listening = ForkHooks.listen(told::add);
                ForkHooks.Registration hook = ForkHooks.register(() -> {}, () -> {
                    throw new IllegalStateException("on purpose");
                })) {
            ForkHooks.setTimeLimit(Duration.ofSeconds(60));
            recording.enable("io.mortmain.NativeFork");
            recording.start();
            child = Forks.call("linger_after_exec");
            assertThat(told.poll(60, TimeUnit.SECONDS)).isNotNull();
            recording.stop();
            recording.dump(folder.resolve("forks.jfr"));
            assertThat(List.of(listening, hook)).doesNotContainNull();
        }
        Forks.kill(child);
        List<RecordedEvent> events = RecordingFile.readAllEvents(folder.resolve("forks.jfr"));
        assertThat(events).hasSize(1);
        RecordedEvent event = events.getFirst();
        assertThat(event.getInt("threadId")).isEqualTo(Forks.call("own_thread"));
        assertThat(event.getInt("child")).isEqualTo(child);
        assertThat(event.getString("hooks")).isEqualTo("DONE");
        assertThat(event.getString("exec")).isEqualTo("FOLLOWED");
        assertThat(event.getInt("failures")).isEqualTo(1);
    }

    @Test
    void shouldRunHooksAroundAForkThatFails() {
        assertThat(saidOf("refused")).containsExactly("refused 1 [before, after]");
    }

    /** What the thread of the hooks has blocked is nobody else's business. */
    @Test
    void shouldKnowASignalHandlerWhoeverRegisteredFirst() {
        assertThat(saidOf("blocked")).containsExactly("0 0 SIGNAL_HANDLER");
    }

    /** Each time in a JVM that has had no hooks before. */
    @Test
    void shouldRunTheFirstHooksInAForkAtOnce() {
        for (int i = 0; i < FIRST_FORKS; i++) {
            assertThat(saidOf("at once")).containsExactly("0 [before, after]");
        }
    }

    private static List<String> saidOf(String edge) {
        try (TestProcess process = TestProcess.peer(List.of(), ForkEdges.class, edge)) {
            return process.untilEnd();
        }
    }

    @Test
    void shouldBeRefusedWhereNoCodeCanBeMade() {
        List<String> options = List.of("-XX:ReservedCodeCacheSize=16m", "-XX:InitialCodeCacheSize=16m");
        try (TestProcess process = TestProcess.peer(options, WithoutExecutableMemory.class)) {
            List<String> said = process.untilEnd();
            assumeFalse(said.contains("cannot be forbidden"), "the kernel cannot forbid it (before 6.3)");
            assertThat(said).hasSize(3);
            assertThat(said.subList(0, 2)).allMatch(line -> line.startsWith("refused NO_EXECUTABLE_MEMORY: "));
            assertThat(said.getFirst())
                    .contains("mprotect(PROT_EXEC) failed: permission is denied", "allow it for this program");
            assertThat(said.getLast()).isEqualTo("locked, told false");
            assertThat(process.exitCode()).isZero();
        }
    }

    /** What virtual threads need is lost to the whole JVM if it cannot be had when the first of them starts. */
    @Test
    void shouldLeaveVirtualThreadsWorkingWhereAForkFindsNoThread() {
        try (TestProcess process = TestProcess.peer(List.of(), ForksWithoutThreads.class)) {
            assertThat(process.expect("no more threads: ")).endsWith(" true");
            assertThat(process.expect("fork and exec: ")).endsWith(" 0");
            assertThat(process.expect("virtual thread: ")).endsWith(" runs");
        }
    }
}
