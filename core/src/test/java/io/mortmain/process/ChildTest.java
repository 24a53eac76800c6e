package io.mortmain.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.errors.SpawnException;
import io.mortmain.testing.TestProcess;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each child's end is taken once, by one thread for all, and nobody else's is touched; nothing stays open. */
class ChildTest {
    private static final boolean SOAK = Boolean.getBoolean("mortmain.soak");
    private static final int IN_A_ROW = SOAK ? 10_000 : 500;
    private static final int AT_ONCE = 200;
    private static final int MUCH = 10_000_000;
    private static final int OFTEN = 300;
    private static final int TIMES_IT_ENDS = 3;
    private static final int SIGABRT = 6;
    private static final int SIGCHLD = 17;
    private static final long SIG_IGN = 1;

    @TempDir
    private Path folder;

    @Test
    void shouldLeaveNothingOfManyInARow() throws Exception {
        Spawn.of("true").start().await();
        var before = OwnDescriptors.open();
        for (int i = 0; i < IN_A_ROW; i++) {
            String code = Integer.toString(i % 256);
            try (Child child = Spawn.of("sh", "-c", "exit " + code)
                    .stdin(Handover.pipeToChild())
                    .stdout(Handover.pipeFromChild())
                    .start()) {
                assertThat(child.await().code()).hasValue(i % 256);
            }
        }
        OwnDescriptors.requireAs(before);
        assertThat(OwnDescriptors.zombies()).isEmpty();
    }

    @Test
    void shouldLeaveNothingOfManyAtOnceAndTheJdksBesideThem() throws Exception {
        var before = OwnDescriptors.open();
        List<Child> children = new ArrayList<>();
        List<Process> others = new ArrayList<>();
        try (ExecutorService starters = Executors.newFixedThreadPool(4)) {
            List<Future<Child>> starting = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Spawn spawn = Spawn.of("sh", "-c", "read -r x; exit " + i % 256).stdin(Handover.pipeToChild());
                starting.add(starters.submit(spawn::start));
                if (i % 10 == 0) {
                    others.add(new ProcessBuilder("sh", "-c", "read -r x; exit " + i % 256).start());
                }
            }
            for (Future<Child> child : starting) {
                children.add(child.get());
            }
        }
        assertThat(children).allMatch(Child::isAlive);
        assertThat(threadsThatWait()).as("threads that wait for them").isEqualTo(1);
        List<CompletableFuture<ChildExit>> ends =
                children.stream().map(Child::onExit).toList();
        children.forEach(Child::close);
        for (Process other : others) {
            other.getOutputStream().close();
        }
        for (int i = 0; i < AT_ONCE; i++) {
            assertThat(ends.get(i)
                            .get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)
                            .code())
                    .hasValue(i % 256);
        }
        for (int i = 0; i < others.size(); i++) {
            assertThat(others.get(i).waitFor()).isEqualTo(i * 10 % 256);
            others.get(i).getInputStream().close();
            others.get(i).getErrorStream().close();
        }
        OwnDescriptors.requireAs(before);
        assertThat(OwnDescriptors.zombies()).isEmpty();
    }

    private static long threadsThatWait() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("mortmain-children"))
                .count();
    }

    @Test
    void shouldEndItsThreadWhenThereIsNoChild() throws Exception {
        awaitNoThread();
        long before = OwnDescriptors.eventPolls();
        for (int i = 0; i < TIMES_IT_ENDS; i++) {
            Child child = Spawn.of("true").start();
            assertThat(threadsThatWait()).isEqualTo(1);
            assertThat(OwnDescriptors.eventPolls()).isEqualTo(before + 1);
            child.await();
            awaitNoThread();
            assertThat(OwnDescriptors.eventPolls())
                    .as("closed before the thread ends")
                    .isEqualTo(before);
        }
    }

    private static void awaitNoThread() throws InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
        while (threadsThatWait() > 0) {
            assertThat(System.nanoTime()).isLessThan(guard);
            Thread.sleep(50);
        }
    }

    @Test
    void shouldWaitAsLongAsToldAndCountWhatWasUsed() throws Exception {
        Child child = Spawn.of("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; read -r x")
                .stdin(Handover.pipeToChild())
                .start();
        assertThat(child.await(Duration.ofMillis(20))).isEmpty();
        assertThat(child.await(Duration.ofNanos(-1))).isEmpty();
        child.close();
        ChildExit exit = child.await(Duration.ofDays(1)).orElseThrow();
        assertThat(exit.userTime().plus(exit.systemTime())).isPositive();
        assertThat(exit.peakResidentBytes()).isGreaterThan(100 * 1024);
    }

    @Test
    void shouldSayThatSomebodyElseTookItsEnd() throws Throwable {
        withChildrenIgnored(() -> {
            try (Child child = Spawn.of("cat").stdin(Handover.pipeToChild()).start()) {
                child.stdin().close();
                assertThatThrownBy(child::await)
                        .isInstanceOfSatisfying(
                                SpawnException.class,
                                unknown ->
                                        assertThat(unknown.reason()).isEqualTo(SpawnException.Reason.REAPED_ELSEWHERE))
                        .as("why, and what to do")
                        .hasMessageContaining("(ECHILD); do not wait for any child");
                assertThatThrownBy(child::exit).isInstanceOf(SpawnException.class);
                assertThatThrownBy(() -> child.onExit().join()).hasCauseInstanceOf(SpawnException.class);
                assertThat(child.signal(0)).isFalse();
            }
        });
    }

    /** The kernel then takes their ends. */
    private static void withChildrenIgnored(ThrowingCallable action) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle signal = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("signal"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        long before = (long) signal.invokeExact(SIGCHLD, SIG_IGN);
        try {
            action.call();
        } finally {
            long ignored = (long) signal.invokeExact(SIGCHLD, before);
            assertThat(ignored).isEqualTo(SIG_IGN);
        }
    }

    /** Its number may be another's before we have a pidfd: it is neither opened nor killed. */
    @Test
    void shouldSayThatTheKernelTookAnEndAtOnce() throws Throwable {
        var open = OwnDescriptors.open();
        withChildrenIgnored(() -> {
            for (int i = 0; i < OFTEN; i++) {
                try (Child child = Spawn.of("true")
                        .stdin(Handover.pipeToChild())
                        .keepNumber()
                        .start()) {
                    assertThatThrownBy(child::await)
                            .isInstanceOfSatisfying(
                                    SpawnException.class,
                                    unknown -> assertThat(unknown.reason())
                                            .isEqualTo(SpawnException.Reason.REAPED_ELSEWHERE));
                    assertThat(child.isAlive()).isFalse();
                    assertThat(child.kill()).isFalse();
                }
            }
        });
        OwnDescriptors.requireAs(open);
    }

    @Test
    void shouldTellACoreDump() throws Exception {
        assumeTrue(Files.readString(Path.of("/proc/sys/kernel/core_pattern")).matches("core\\s*"), "cores are files");
        String script = "ulimit -c unlimited && kill -ABRT $$";
        ChildExit aborted = Spawn.of("sh", "-c", script).folder(folder).start().await();
        try (Stream<Path> cores = Files.list(folder)) {
            assumeTrue(cores.findAny().isPresent(), "cores may be written");
        }
        assertThat(aborted.signal()).hasValue(SIGABRT);
        assertThat(aborted.coreDumped()).isTrue();
        String none = "ulimit -c 0 && kill -ABRT $$";
        assertThat(Spawn.of("sh", "-c", none).folder(folder).start().await().coreDumped())
                .isFalse();
    }

    @Test
    void shouldKeepItsNumberUntilClosed() throws Exception {
        Child child = Spawn.of("true").keepNumber().start();
        assertThat(child.await().isSuccess()).isTrue();
        Path process = Path.of("/proc", Integer.toString(child.pid()));
        assertThat(Files.readString(process.resolve("stat"))).contains(") Z ");
        assertThat(child.signal(0)).isTrue();
        child.close();
        assertThat(process).doesNotExist();
        assertThat(child.signal(0)).isFalse();
        assertThat(child.await().isSuccess()).isTrue();
        Child closed =
                Spawn.of("cat").stdin(Handover.pipeToChild()).keepNumber().start();
        closed.close();
        assertThat(closed.await().isSuccess()).isTrue();
        assertThat(OwnDescriptors.zombies()).isEmpty();
    }

    @Test
    void shouldNotBeEndedByWhoWaitsForItsEnd() throws Exception {
        Child child = Spawn.of("cat").stdin(Handover.pipeToChild()).start();
        assertThat(child.onExit().cancel(true)).isTrue();
        child.onExit()
                .complete(new ChildExit(
                        java.util.OptionalInt.of(9),
                        java.util.OptionalInt.empty(),
                        false,
                        Duration.ZERO,
                        Duration.ZERO,
                        0));
        assertThat(child.isAlive()).isTrue();
        child.close();
        assertThat(child.await().code()).hasValue(0);
    }

    @Test
    void shouldLetCloseAndInterruptEndARead() throws Exception {
        Child child = Spawn.of("sleep", "1000")
                .stdout(Handover.pipeFromChild())
                .stderr(Handover.pipeFromChild())
                .start();
        try (child) {
            AtomicReference<Throwable> closed =
                    reading(child, true, _ -> child.stdout().close());
            assertThat(closed.get()).isInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> child.stdout().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(ClosedChannelException.class);
            AtomicReference<Throwable> interrupted = reading(child, false, Thread::interrupt);
            assertThat(interrupted.get()).isInstanceOf(ClosedByInterruptException.class);
        } finally {
            child.kill();
        }
    }

    private interface Ending {
        void of(Thread reader) throws Exception;
    }

    private static AtomicReference<Throwable> reading(Child child, boolean output, Ending ending) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                int read = (output ? child.stdout() : child.stderr()).read(ByteBuffer.allocate(1));
                thrown.set(new AssertionError("read " + read));
            } catch (Exception expected) {
                thrown.set(expected);
            }
        });
        while (reader.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        Thread.sleep(100); // likely inside by then; either way it must end
        ending.of(reader);
        reader.join(TimeUnit.SECONDS.toMillis(TestProcess.GUARD_SECONDS));
        assertThat(reader.isAlive()).isFalse();
        return thrown;
    }

    @Test
    void shouldLetCloseEndAWriteThatNobodyReads() throws Exception {
        Child child = Spawn.of("sleep", "1000").stdin(Handover.pipeToChild()).start();
        try (child) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    child.stdin().write(ByteBuffer.allocate(MUCH));
                } catch (Exception expected) {
                    thrown.set(expected);
                }
            });
            Thread.sleep(100);
            child.stdin().close();
            writer.join(TimeUnit.SECONDS.toMillis(TestProcess.GUARD_SECONDS));
            assertThat(thrown.get()).isInstanceOf(ClosedChannelException.class);
        } finally {
            child.kill();
        }
    }

    @Test
    void shouldSayThatTheReaderIsGone() throws Exception {
        try (Child child = Spawn.of("true").stdin(Handover.pipeToChild()).start()) {
            child.await();
            assertThatThrownBy(() -> child.stdin().write(ByteBuffer.wrap("x".getBytes(UTF_8))))
                    .isInstanceOf(java.io.IOException.class)
                    .hasMessageContaining("EPIPE");
        }
    }
}
