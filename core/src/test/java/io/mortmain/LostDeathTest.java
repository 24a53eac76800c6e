package io.mortmain;

import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.owner.OwnerWatch;
import io.mortmain.internal.owner.Witness;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows A5 to A14, A17 and A25: a C holder that loses the mutex and ends, so that the kernel does not report it, and glibc's next locker
 * would wait for ever. Who waits through Mortmain is told, whether it waited before the death or came after it; and a C locker beside
 * it is served too.
 */
class LostDeathTest {
    /** Those of vanish.c after which no thread has the number. */
    private static Stream<String> waysThatEndTheThread() {
        return Stream.of(
                "unmap",
                "protect-none",
                "protect-read",
                "move",
                "cover",
                "older",
                "many",
                "release",
                "exec",
                "replace");
    }

    private static Stream<String> ways() {
        return Stream.concat(waysThatEndTheThread(), Stream.of("zombie"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldTellWhoWaits(String way) throws Exception {
        try (VanishScene scene = new VanishScene(way)) {
            CompletableFuture<Boolean> waiter = scene.waitInJava();
            scene.awaitWaiter();
            scene.vanish();
            assertThat(waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldTellWhoComesAfterwards(String way) throws Exception {
        try (VanishScene scene = new VanishScene(way)) {
            scene.vanish();
            assertThat(scene.waitInJava().get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    /** The test's own proof that the fault happens: without Mortmain, the word keeps the dead thread's number. */
    @ParameterizedTest
    @MethodSource("waysThatEndTheThread")
    void shouldBeLostToTheKernel(String way) {
        try (VanishScene scene = new VanishScene(way)) {
            scene.vanish();
            assertThat(scene.word() & TID_MASK).isEqualTo(scene.threadId());
            try (Hold hold = scene.mutex().tryLock()) { // a look without waiting sees it too
                assertThat(hold).isNotNull();
                assertThat(hold.predecessorDied()).isTrue();
                hold.markConsistent();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unmap", "exec", "zombie"})
    void shouldServeACLockerBesideAWaiterOfMortmain(String way) throws Exception {
        try (VanishScene scene = new VanishScene(way);
                MutexPeer locker = MutexPeer.start(Language.C);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            scene.vanish();
            locker.open(scene.name(), VanishScene.KIND);
            var answer = executor.submit(() -> locker.ask("waits"));
            CompletableFuture<Boolean> waiter = scene.waitInJava();
            boolean cWasTold =
                    answer.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS).contains("EOWNERDEAD");
            if (cWasTold) {
                locker.ask("consistent");
            }
            locker.ask("unlock");
            boolean javaWasTold = waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS);
            assertThat(cWasTold).isNotEqualTo(javaWasTold);
        }
    }

    /** A23: without the mark, glibc's next locker of such a mutex aborts. */
    @Test
    void shouldMarkAPriorityInheritingMutexOfC() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), AddressSpace.PAGE_SIZE)) {
            long mutex = CMutexes.initialise(region.memory("inheriting", 64).address(), true);
            long offset = Region.inspect(name.name()).objects().get(0).offset();
            try (TestProcess holder = TestProcess.c("vanish", name.path(), Long.toString(offset), "unmap")) {
                int threadId = Integer.parseInt(holder.expect("held ").substring("held ".length()));
                holder.say("now");
                holder.exitCode();
                assertThat(RobustList.word(mutex) & TID_MASK).isEqualTo(threadId);
                Witness.Watch watch = Objects.requireNonNull(OwnerWatch.INSTANCE.watch(mutex, threadId));
                RobustList.awaitMark(mutex);
                watch.end();
            }
            try (MutexPeer locker = MutexPeer.start(Language.C)) {
                locker.open(name, offset);
                assertThat(locker.ask("lock")).contains("EOWNERDEAD");
                assertThat(locker.ask("consistent")).isEqualTo("0");
                assertThat(locker.ask("unlock")).isEqualTo("0");
            }
        }
    }
}
