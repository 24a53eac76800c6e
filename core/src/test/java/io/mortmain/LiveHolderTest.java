package io.mortmain;

import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.internal.owner.OwnerWatch;
import io.mortmain.internal.owner.Witness;
import io.mortmain.testing.Commands;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/**
 * Row A21, and A6: holders that live, however dead they look, are never robbed. How long they are left so:
 * -Dio.mortmain.test.patience, in milliseconds.
 */
class LiveHolderTest {
    private static final Duration PATIENCE = Duration.ofMillis(Long.getLong("io.mortmain.test.patience", 400));

    /** One look and not many would be fooled some times in so many. */
    private static final int LEAST_WATCHES = 500;

    @Test
    void shouldWaitForAStoppedHolder() throws Exception {
        try (VanishScene scene = new VanishScene("stay")) {
            Commands.run(List.of("kill", "-STOP", Long.toString(scene.holder().pid())));
            requireNotRobbed(scene);
            Commands.run(List.of("kill", "-CONT", Long.toString(scene.holder().pid())));
            requireUnlocksInOrder(scene);
        }
    }

    @Test
    void shouldWaitForAHolderThatIsFrozenByADebugger() throws Exception {
        try (VanishScene scene = new VanishScene("stay");
                TestProcess tracer =
                        TestProcess.c("freeze", Long.toString(scene.holder().pid()))) {
            tracer.expect("frozen");
            requireNotRobbed(scene);
            tracer.say("thaw");
            tracer.expect("thawed");
            requireUnlocksInOrder(scene);
        }
    }

    /** What a container that is paused looks like. */
    @Test
    void shouldWaitForAHolderThatIsFrozenByItsControlGroup() throws Exception {
        Path groups = Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
                .map(Path::of)
                .filter(root -> Files.isWritable(root.resolve("cgroup.procs")))
                .findFirst()
                .orElseThrow(() -> new TestAbortedException("no hierarchy of control groups, version 2, is writable"));
        Path group = Files.createDirectory(
                groups.resolve("mortmain-test-" + ProcessHandle.current().pid()));
        try {
            assumeTrue(Files.exists(group.resolve("cgroup.freeze")), "the kernel cannot freeze a control group");
            try (VanishScene scene = new VanishScene("stay")) {
                Files.writeString(
                        group.resolve("cgroup.procs"),
                        Long.toString(scene.holder().pid()));
                freeze(group, true);
                requireNotRobbed(scene);
                freeze(group, false);
                requireUnlocksInOrder(scene);
            }
        } finally {
            Files.delete(group);
        }
    }

    private static void freeze(Path group, boolean on) throws Exception {
        Files.writeString(group.resolve("cgroup.freeze"), on ? "1" : "0");
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
        while (!Files.readString(group.resolve("cgroup.events")).contains("frozen " + (on ? 1 : 0))) {
            assertThat(System.nanoTime() - guard).isNegative();
            Thread.sleep(1);
        }
    }

    /** Dead for its program, but the kernel still needs its memory, and walks the list when the dump is written. */
    @Test
    void shouldWaitForAHolderWhileItsCoreIsDumped(@TempDir Path folder) throws Exception {
        String pattern = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));
        assumeTrue(!pattern.startsWith("|") && !pattern.startsWith("/"), "cores are not dumped into the own folder");
        try (VanishScene scene = new VanishScene("core", VanishScene.KIND, folder.toString())) {
            CompletableFuture<Boolean> waiter = scene.waitInJava();
            scene.awaitWaiter();
            scene.holder().say("now");
            Path status = Path.of("/proc", Long.toString(scene.holder().pid()), "status");
            int looks = 0;
            while (scene.holder().isAlive()) {
                boolean told = waiter.isDone();
                if (isDumping(status)) {
                    assertThat(told).as("told while the core is dumped").isFalse();
                    looks++;
                }
            }
            assertThat(waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
            System.out.println("seen dumping " + looks + " times");
            assumeTrue(looks > 0, "the dump was over before anybody looked");
        }
    }

    private static boolean isDumping(Path status) {
        try {
            return Files.readString(status).contains("CoreDumping:\t1");
        } catch (IOException gone) {
            return false;
        }
    }

    /** A C holder in the middle of pthread_mutex_lock: only list_op_pending leads to what it has. */
    @Test
    void shouldWaitForAHolderThatHasItPendingOnly() throws Exception {
        try (VanishScene scene = new VanishScene("pending")) {
            requireNotRobbed(scene);
            CompletableFuture<Boolean> waiter = scene.waitInJava();
            scene.vanish();
            assertThat(waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A normal mutex: it sleeps as one who waits for it does, with the mutex pending, but has it on its list. */
    @Test
    void shouldWaitForAHolderThatWaitsForItself() throws Exception {
        try (VanishScene scene = new VanishScene("again")) {
            scene.holder().awaitSleepingInFutex();
            requireNotRobbed(scene);
            CompletableFuture<Boolean> waiter = scene.waitInJava();
            scene.holder().kill();
            assertThat(waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Its list is never still while it is looked at. */
    @Test
    void shouldWaitForAHolderThatTakesAndReleasesOthersAllTheTime() throws Exception {
        try (VanishScene scene = new VanishScene("churn")) {
            requireNotRobbed(scene);
            CompletableFuture<Boolean> waiter = scene.waitInJava();
            scene.awaitWaiter();
            scene.vanish();
            assertThat(waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Each look may come upon it in the moment in which it is without, and its number stand in the word before and after. */
    @Test
    void shouldWaitForAHolderThatReleasesAndTakesItAgainAllTheTime() throws Exception {
        try (VanishScene scene = new VanishScene("relock")) {
            CompletableFuture<Integer> waiter = lockAgainAndAgain(scene.mutex());
            int watches = 0;
            long end = System.nanoTime() + PATIENCE.toNanos();
            for (; watches < LEAST_WATCHES || System.nanoTime() - end < 0; watches++) {
                Witness.Watch watch = Objects.requireNonNull(
                        OwnerWatch.INSTANCE.watch(scene.mutex().pthreadMutex().address(), scene.threadId()));
                LockSupport.parkNanos(1_000_000);
                watch.end();
                LockSupport.parkNanos(
                        200_000); // until it is forgotten: one that was seen to hold it is not looked at again
            }
            System.out.println("watched " + watches + " times, locked beside it "
                    + waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS) + " times");
            scene.holder().say("now");
            String said = scene.holder().expect("relocked ");
            System.out.println(said);
            assertThat(said).endsWith(" wrong 0").doesNotStartWith("relocked 0 ");
        }
    }

    /** How often it was locked; never is anybody dead. */
    private static CompletableFuture<Integer> lockAgainAndAgain(RobustMutex mutex) {
        return CompletableFuture.supplyAsync(
                () -> {
                    int times = 0;
                    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() - end < 0; times++) {
                        try (Hold hold = mutex.lock()) {
                            assertThat(hold.predecessorDied()).isFalse();
                        }
                        LockSupport.parkNanos(5_000_000);
                    }
                    return times;
                },
                task -> Thread.ofPlatform().daemon().start(task));
    }

    /** A6 for the mapping; a list that is not glibc's cannot be judged. Both are told of when they end. */
    @ParameterizedTest
    @ValueSource(strings = {"unmap-only", "replace-only"})
    void shouldWaitForAHolderWhoseListDoesNotLeadToTheMutexButIsNotSound(String way) throws Exception {
        try (VanishScene scene = new VanishScene(way)) {
            scene.vanish();
            requireNotRobbed(scene);
            CompletableFuture<Boolean> waiter = scene.waitInJava();
            scene.awaitWaiter();
            scene.holder().say("die");
            assertThat(waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A JVM in a pause as long as one likes. */
    @Test
    void shouldWaitForAStoppedJvm() throws Exception {
        try (VanishScene scene = new VanishScene("stay");
                MutexPeer jvm = MutexPeer.start(Language.JAVA).open(scene.name(), VanishScene.KIND)) {
            requireUnlocksInOrder(scene);
            assertThat(jvm.ask("lock")).isEqualTo("0");
            Commands.run(List.of("kill", "-STOP", Long.toString(jvm.process().pid())));
            try {
                assertThat(scene.mutex().tryLock(PATIENCE)).isNull();
            } finally {
                Commands.run(
                        List.of("kill", "-CONT", Long.toString(jvm.process().pid())));
            }
            assertThat(jvm.ask("unlock")).isEqualTo("0");
            jvm.closeRegion();
        } finally {
            MutexPeer.endSpares();
        }
    }

    /** An acquirer without the privilege to look at the holder: it waits, and is told when the holder is gone. */
    @Test
    void shouldWaitForAHolderThatMayNotBeInspected() throws Exception {
        List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        command.addAll(TestProcess.peerCommand(List.of(), io.mortmain.testing.LockPeer.class));
        try (VanishScene scene = new VanishScene("unmap");
                MutexPeer acquirer = MutexPeer.of(Language.JAVA, TestProcess.start(command))) {
            acquirer.open(scene.name(), VanishScene.KIND).beginToWait();
            Thread.sleep(PATIENCE);
            assertThat(acquirer.process().isSilent()).isTrue();
            assertThat(scene.word() & TID_MASK).isEqualTo(scene.threadId());
            scene.vanish();
            assertThat(acquirer.answer("waits")).contains("EOWNERDEAD");
        }
    }

    private static void requireNotRobbed(VanishScene scene) throws InterruptedException {
        assertThat(scene.mutex().tryLock(PATIENCE)).isNull();
        assertThat(scene.word() & TID_MASK).isEqualTo(scene.threadId());
    }

    private static void requireUnlocksInOrder(VanishScene scene) {
        scene.holder().say("now");
        scene.holder().expect("unlocked 0");
        try (Hold hold = scene.mutex().lock()) {
            assertThat(hold.predecessorDied()).isFalse();
        }
    }
}
