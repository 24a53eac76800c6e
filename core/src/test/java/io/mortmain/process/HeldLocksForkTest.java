package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.testing.Forks;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** C12: fork and exec at once while every lock of the process is held by others, also by hooks that want them. */
class HeldLocksForkTest {
    private static final int SIGKILL = 9;
    private static final int FORKS = 10;
    /** C5, C9: posix_spawn copies no lock and asks for none, by whichever thread, also one that holds. */
    @Test
    void shouldSpawnWhileLocksOfEveryKindAreHeld() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            List<RobustMutex> mutexes = new ArrayList<>(List.of(region.mutex("repaired", _ -> {})));
            for (MutexKind kind : MutexKind.values()) {
                mutexes.add(region.mutex("of kind " + kind, kind, null));
            }
            CountDownLatch over = new CountDownLatch(1);
            List<Thread> holders = hold(mutexes, over);
            List<Integer> words = words(mutexes);
            RobustMutex own = region.mutex("of the thread that starts them");
            try (Hold hold = own.lock()) {
                for (int i = 0; i < FORKS; i++) {
                    assertThat(Spawn.of("true").start().await().isSuccess()).isTrue();
                    Child killed = Spawn.of("sleep", "1000").start();
                    assertThat(killed.kill()).isTrue();
                    assertThat(killed.await().signal()).hasValue(SIGKILL);
                }
                assertThat(hold.predecessorDied()).isFalse();
            }
            assertThat(words(mutexes))
                    .as("held by whom they were")
                    .isEqualTo(words)
                    .doesNotContain(0);
            over.countDown();
            for (Thread holder : holders) {
                holder.join();
            }
            mutexes.add(own);
            for (RobustMutex mutex : mutexes) {
                try (Hold hold = mutex.lock()) {
                    assertThat(hold.predecessorDied()).isFalse();
                }
            }
        }
    }

    private static List<Integer> words(List<RobustMutex> mutexes) {
        return mutexes.stream()
                .map(mutex -> RobustList.word(mutex.pthreadMutex().address()))
                .toList();
    }

    @Test
    void shouldForkAndExecWhileAllLocksAreHeld() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            List<RobustMutex> mutexes = List.of(region.mutex("a"), region.mutex("b"));
            CountDownLatch over = new CountDownLatch(1);
            List<Thread> holders = hold(mutexes, over);
            assertThat(Forks.forkOften(FORKS, true)).as("without hooks").isZero();
            assertThat(forksWithHooks(mutexes)).as("with hooks, wrong children").isZero();
            mutexes.forEach(
                    mutex -> assertThat(RobustList.word(mutex.pthreadMutex().address()))
                            .as("held")
                            .isNotZero());
            over.countDown();
            for (Thread holder : holders) {
                holder.join();
            }
            for (RobustMutex mutex : mutexes) {
                try (Hold hold = mutex.lock()) {
                    assertThat(hold.predecessorDied()).isFalse();
                }
            }
        }
    }

    /** A thread for each mutex, which has it until that is over. */
    private static List<Thread> hold(List<RobustMutex> mutexes, CountDownLatch over) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(mutexes.size());
        List<Thread> holders = new ArrayList<>();
        for (RobustMutex mutex : mutexes) {
            holders.add(Thread.ofPlatform().start(() -> hold(mutex, held, over)));
        }
        held.await();
        return holders;
    }

    private static void hold(RobustMutex mutex, CountDownLatch held, CountDownLatch over) {
        try (Hold hold = mutex.lock()) {
            held.countDown();
            over.await();
            assertThat(hold.predecessorDied()).isFalse();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    /** Each hook wants a lock, and does not get it in the time that the forking thread waits. */
    private static int forksWithHooks(List<RobustMutex> mutexes) throws InterruptedException {
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        List<Hold> taken = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        int wrong;
        try (ForkHooks.Registration _ = ForkHooks.listen(told::add);
                ForkHooks.Registration _ = ForkHooks.register(
                        () -> {
                            inside.incrementAndGet();
                            for (RobustMutex mutex : mutexes) {
                                take(mutex, taken);
                            }
                        },
                        () -> {
                            taken.forEach(Hold::close);
                            taken.clear();
                            inside.decrementAndGet();
                        })) {
            ForkHooks.setTimeLimit(Duration.ofMillis(20));
            wrong = Forks.forkOften(FORKS, true);
            assertThat(hooksOf(told))
                    .hasSize(FORKS)
                    .allMatch(hooks -> hooks == NativeFork.Hooks.TOO_LATE || hooks == NativeFork.Hooks.NO_TURN);
            while (inside.get() > 0) { // the last was told of before its hooks were over
                Thread.onSpinWait();
            }
        } finally {
            ForkHooks.setTimeLimit(Duration.ofSeconds(1));
        }
        assertThat(taken).isEmpty();
        return wrong;
    }

    private static List<NativeFork.Hooks> hooksOf(LinkedBlockingQueue<NativeFork> told) throws InterruptedException {
        List<NativeFork.Hooks> all = new ArrayList<>();
        for (NativeFork fork = told.poll(60, TimeUnit.SECONDS);
                fork != null;
                fork = all.size() < FORKS ? told.poll(3, TimeUnit.SECONDS) : null) {
            all.add(fork.hooks());
        }
        return all;
    }

    private static void take(RobustMutex mutex, List<Hold> taken) {
        try {
            Hold hold = mutex.tryLock(Duration.ofMillis(100));
            if (hold != null) {
                taken.add(hold);
            }
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
