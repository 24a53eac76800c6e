package io.mortmain;

import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Commands;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.TestProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row A21, and A6: holders that live, however dead they look, are never robbed. How long they are left so:
 * -Dio.mortmain.test.patience, in milliseconds.
 */
class LiveHolderTest {
    private static final Duration PATIENCE = Duration.ofMillis(Long.getLong("io.mortmain.test.patience", 400));

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
        command.addAll(TestProcess.javaCommand(List.of(), io.mortmain.testing.LockPeer.class));
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
