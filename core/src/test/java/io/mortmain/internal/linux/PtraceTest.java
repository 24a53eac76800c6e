package io.mortmain.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.testing.CProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread of a C program that counts in a loop, traced from here. */
class PtraceTest {
    private static final int ROUNDS = 50;
    private static final int LONGEST_LOOP = 100;
    private static final int GUARD_SECONDS = 60;
    private static final int KILLED = 128 + 9;

    private Process process;
    private int threadId;
    private long counter;

    @BeforeEach
    void startCounting() throws IOException {
        process = new ProcessBuilder(CProgram.compile("counting").toString()).start();
        String[] said = process.inputReader().readLine().split(" ", -1);
        threadId = Integer.parseInt(said[0]);
        counter = Long.parseLong(said[1]);
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void shouldExecuteOneInstructionAtATime() throws Exception {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            untilItCounts(traced);
            long start = traced.nextInstruction();
            int length = round(traced, start);
            assertThat(length).isBetween(2, LONGEST_LOOP);
            for (int i = 0; i < ROUNDS; i++) {
                long before = counted();
                assertThat(round(traced, start)).isEqualTo(length);
                assertThat(counted()).isEqualTo(before + 1);
            }
        }
    }

    /** Nobody handles SIGURG, and the kernel shows it to the tracer all the same. */
    @Test
    void shouldNotCountAStopForASignal() throws Exception {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            untilItCounts(traced);
            long start = traced.nextInstruction();
            int length = round(traced, start);
            signal("URG");
            assertThat(round(traced, start)).isEqualTo(length);
        }
    }

    /** It may have been stopped inside the library, on its way back from printing. */
    private void untilItCounts(Ptrace traced) {
        long before = counted();
        while (counted() < before + 2) {
            assertThat(traced.step()).isTrue();
        }
    }

    /** Steps until that instruction is next again. */
    private static int round(Ptrace traced, long start) {
        int steps = 0;
        do {
            assertThat(traced.step()).isTrue();
            steps++;
        } while (traced.nextInstruction() != start && steps <= LONGEST_LOOP);
        return steps;
    }

    @Test
    void shouldLetItGoOnWhenClosed() throws Exception {
        Ptrace.seize(threadId).close();
        long before = counted();
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
        while (counted() == before && System.nanoTime() - guard < 0) {
            Thread.onSpinWait();
        }
        assertThat(counted()).isNotEqualTo(before);
    }

    @Test
    void shouldSayThatItWasKilled() throws Exception {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            assertThat(traced.step()).isTrue();
            process.destroyForcibly();
            assertThat(traced.step()).isFalse();
            assertThat(traced.step()).isFalse();
            traced.awaitEnd();
        }
        assertThat(process.waitFor()).isEqualTo(KILLED);
    }

    @Test
    void shouldWaitForItsEnd() throws Exception {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            process.destroyForcibly();
            traced.awaitEnd();
            assertThat(KernelThread.exists(threadId)).isFalse();
        }
        assertThat(process.waitFor()).isEqualTo(KILLED);
    }

    @Test
    void shouldStepWhileTheProcessIsStopped() throws Exception {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            signal("TSTP");
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(traced.step()).isTrue();
            }
        }
    }

    @Test
    void shouldDeliverASignal() throws Exception {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            signal("USR1");
            while (traced.step()) {
                Thread.onSpinWait();
            }
        }
        assertThat(process.waitFor()).isEqualTo(128 + 10);
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Integer.toString(threadId))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void shouldKillTheProcessWhenItsTracerEnds() throws Exception {
        Thread tracer = new Thread(() -> Ptrace.seize(threadId));
        tracer.start();
        assertThat(process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(KILLED);
    }

    @Test
    void shouldRefuseAnotherThreadThanItsTracer() {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(traced::nextInstruction)
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(WrongThreadException.class);
        }
    }

    @Test
    void shouldRefuseAVirtualThread() throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> refused.complete(
                        catchThrowableOfType(IllegalStateException.class, () -> Ptrace.seize(threadId))));
        assertThat(refused.get(GUARD_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("virtual thread");
    }

    @Test
    void shouldNameTheCureWhenItMayNotTrace() {
        int own = KernelThread.id();
        assertThat(catchThrowableOfType(LinuxException.class, () -> Ptrace.seize(own)))
                .hasMessage("ptrace failed for thread " + own + ": the kernel does not allow it (EPERM); allow it:"
                        + " kernel.yama.ptrace_scope at most 1 (or run as root), ptrace in the seccomp profile (docker run"
                        + " --cap-add=SYS_PTRACE), and no debugger or strace at work on the thread");
    }

    @Test
    void shouldSayThatThereIsNoSuchThread() throws Exception {
        process.destroyForcibly().waitFor();
        assertThat(catchThrowableOfType(LinuxException.class, () -> Ptrace.seize(threadId)))
                .hasMessage("ptrace failed for thread " + threadId
                        + ": there is no such thread or process (ESRCH); it has ended");
    }

    @Test
    void shouldLetItGoWhenItCannotBeStopped() throws Exception {
        LinuxException failed = new LinuxException("waitpid", "thread " + threadId, Errno.EINTR.number());
        assertThatThrownBy(() -> Ptrace.seize(threadId, traced -> {
                    throw failed;
                }))
                .isSameAs(failed);
        assertThat(Files.readAllLines(Path.of("/proc", Integer.toString(threadId), "status")))
                .contains("TracerPid:\t0");
    }

    @Test
    void shouldKeepWhatItTracesWhenItIsSeizedAgain() {
        try (Ptrace traced = Ptrace.seize(threadId)) {
            assertThatThrownBy(() -> Ptrace.seize(threadId)).isInstanceOf(LinuxException.class);
            assertThat(traced.step()).isTrue();
        }
    }

    private long counted() {
        try (OtherMemory memory = new OtherMemory(threadId)) {
            return memory.readLong(counter).orElseThrow();
        }
    }
}
