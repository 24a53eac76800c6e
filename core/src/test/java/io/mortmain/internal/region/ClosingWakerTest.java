package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.RobustProtocol;
import io.mortmain.internal.lock.SlowPaths;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestRegion;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * Row D3: a thread frees a mutex that a C process sleeps on while a closer looks at the words, and has the wake-up still to do when the
 * closer has seen them all. If the closer went on, the wake-up would go to pages that nobody sleeps on, and the C process sleep for ever.
 */
class ClosingWakerTest {
    private static final RegionFile.Access ACCESS = new RegionFile.Access(0600, OptionalInt.empty(), false);
    private static final int OBJECTS = 1 << 16;
    private static final int ROUNDS = 100;
    private static final int LOOKS = 20;
    private static final int KIND = RegionFile.DIRECTORY_MUTEX_KIND;

    /** The kernel, but the wake-up waits until it may go on. */
    private static final class HaltingKernel extends Kernel {
        private final Kernel kernel = LinuxKernel.INSTANCE;
        private final CountDownLatch mayWake = new CountDownLatch(1);

        @Override
        public void await(long address, int expected, long nanos, long scratch) {
            kernel.await(address, expected, nanos, scratch);
        }

        @Override
        public void wake(long address, int count) {
            try {
                mayWake.await();
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
            kernel.wake(address, count);
        }

        @Override
        public boolean tryReadLong(long address, long scratch) {
            return kernel.tryReadLong(address, scratch);
        }

        @Override
        public long transferred(long scratch) {
            return kernel.transferred(scratch);
        }

        @Override
        public boolean tryWriteLong(long address, long value, long scratch) {
            return kernel.tryWriteLong(address, value, scratch);
        }

        @Override
        public boolean threadExists(int threadId) {
            return kernel.threadExists(threadId);
        }

        @Override
        public long nanoTime() {
            return kernel.nanoTime();
        }
    }

    /** Wherever the release falls: before the looks the thread is inside, during them it is seen after them, later the word is held. */
    @Test
    void shouldSeeWhoHasStillToWakeWhenTheWordIsFreedDuringTheLooks() throws Exception {
        long seed = Seed.of("closers");
        Random random = new Random(seed);
        try (TestRegion name = new TestRegion()) {
            Mapping mapping = RegionFile.create(Path.of(name.path()), new RegionGeometry(0, OBJECTS), false, ACCESS);
            long mutex = mapping.mutex(OBJECTS);
            MappedWords.INSTANCE.putIntRelease(mutex + GlibcMutexLayout.KIND, KIND);
            try (MutexPeer sleeper = MutexPeer.start(Language.C).open(name, mapping.offsetOf(mutex))) {
                long look = nanosOfALook(mapping);
                int seenFree = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    Optional<String> use = releaseDuringALook(mapping, sleeper, (long) (random.nextDouble() * look));
                    assertThat(use).as("round " + round).isPresent();
                    assertThat(sleeper.answer("waits")).as("round " + round).isEqualTo("0");
                    assertThat(sleeper.ask("unlock")).isEqualTo("0");
                    seenFree += use.get().contains("releases") ? 1 : 0;
                }
                System.out.println(
                        "ClosingWakerTest: " + seenFree + " of " + ROUNDS + " were seen by the thread alone");
                assertThat(seenFree).isPositive();
            }
            mapping.close(() -> {});
        }
    }

    /** What the first of the three looks is for: who waits can take the word after it was looked at, and be outside before the last look. */
    @Test
    void shouldSeeWhoWaitsWhenHeTakesTheWordAfterItWasLookedAt() throws Exception {
        long seed = Seed.of("closers");
        Random random = new Random(seed);
        try (TestRegion name = new TestRegion()) {
            Mapping mapping = RegionFile.create(Path.of(name.path()), new RegionGeometry(0, OBJECTS), false, ACCESS);
            long mutex = mapping.mutex(0);
            MappedWords.INSTANCE.putIntRelease(mutex + GlibcMutexLayout.KIND, KIND);
            try (MutexPeer holder = MutexPeer.start(Language.C).open(name, mapping.offsetOf(mutex))) {
                long look = nanosOfALook(mapping);
                for (int round = 0; round < ROUNDS; round++) {
                    assertThat(holder.ask("lock")).isEqualTo("0");
                    assertThat(takeDuringALook(mapping, holder, (long) (random.nextDouble() * look)))
                            .as("round " + round)
                            .isPresent();
                }
            }
            mapping.close(() -> {});
        }
    }

    private static long nanosOfALook(Mapping mapping) {
        Gate gate = new Gate();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < LOOKS; i++) {
            long begin = System.nanoTime();
            assertThat(mapping.useWithin(gate, Integer::toString)).isEmpty();
            least = Math.min(least, System.nanoTime() - begin);
        }
        return least;
    }

    /** What the closer sees; the wake-up is done afterwards. */
    private static Optional<String> releaseDuringALook(Mapping mapping, MutexPeer sleeper, long delay)
            throws InterruptedException {
        HaltingKernel kernel = new HaltingKernel();
        RobustProtocol protocol =
                RobustProtocol.over(MappedWords.INSTANCE, kernel, Witness.BLIND, MarkerTurn.UNDISPUTED);
        Gate gate = new Gate();
        long mutex = mapping.mutex(OBJECTS);
        CountDownLatch held = new CountDownLatch(1);
        long[] begin = new long[1];
        CountDownLatch looks = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().daemon().name("the waker").start(() -> {
            LockThread me = LockThread.current();
            assertThat(protocol.lockUncontended(me, mutex, KIND, gate)).isTrue();
            held.countDown();
            await(looks);
            while (System.nanoTime() - begin[0] < delay) {
                Thread.onSpinWait();
            }
            protocol.unlockUncontended(me, mutex, gate);
        });
        held.await();
        sleeper.beginToWait();
        gate.beginClosing();
        begin[0] = System.nanoTime();
        looks.countDown();
        Optional<String> use = mapping.useWithin(gate, Integer::toString);
        gate.reopen();
        kernel.mayWake.countDown();
        holder.join();
        return use;
    }

    /** What the closer sees while the thread waits at the beginning and holds at the end. */
    private static Optional<String> takeDuringALook(Mapping mapping, MutexPeer holder, long delay)
            throws InterruptedException {
        RobustProtocol protocol = RobustProtocol.OF_THIS_PROCESS;
        Gate gate = new Gate();
        long mutex = mapping.mutex(0);
        CountDownLatch mayRelease = new CountDownLatch(1);
        Thread waiter = Thread.ofPlatform().daemon().name("the waiter").start(() -> {
            LockThread me = LockThread.current();
            protocol.slowPaths().lock(me, mutex, KIND, gate, SlowPaths.FOREVER, false);
            await(mayRelease);
            protocol.slowPaths().unlock(me, mutex, KIND, gate);
        });
        while ((MappedWords.INSTANCE.getIntVolatile(mutex + GlibcMutexLayout.LOCK) & GlibcMutexLayout.WAITERS) == 0) {
            Thread.onSpinWait();
        }
        gate.beginClosing();
        long begin = System.nanoTime();
        Thread releaser = Thread.ofPlatform().daemon().start(() -> {
            while (System.nanoTime() - begin < delay) {
                Thread.onSpinWait();
            }
            holder.process().say("unlock");
        });
        Optional<String> use = mapping.useWithin(gate, Integer::toString);
        gate.reopen();
        assertThat(holder.answer("unlock")).isEqualTo("0");
        mayRelease.countDown();
        waiter.join();
        releaser.join();
        return use;
    }

    private static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
