package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.MutexSnapshot.RecordedHolder;
import io.mortmain.MutexSnapshot.State;
import io.mortmain.errors.GiveUpException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.RegionException;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A region for several PID namespaces within one process: it is as any other, and the ends of threads are told. */
class RecordedRegionTest {
    private static final RegionOptions SEVERAL = RegionOptions.DEFAULT.withSeveralPidNamespaces();
    private static final Duration GUARD = Duration.ofSeconds(TestProcess.GUARD_SECONDS);

    private final TestRegion name = new TestRegion();
    private Region region = Region.create(name.name(), 64, SEVERAL);

    @AfterEach
    void close() {
        try (name) {
            region.close();
        }
    }

    private MutexSnapshot seen() {
        return name.seenMutex(0);
    }

    /** Locks in a thread that ends holding. */
    private static void lockAndEnd(RobustMutex mutex) throws InterruptedException {
        Thread holder = Thread.ofPlatform().start(mutex::lock);
        holder.join();
    }

    @ParameterizedTest
    @EnumSource(MutexKind.class)
    void shouldKeepTheRulesOfEachKind(MutexKind kind) throws Exception {
        RobustMutex mutex = region.mutex("m", kind, null);
        try (Hold hold = mutex.lock()) {
            assertThat(hold.predecessorDied()).isFalse();
            assertThat(seen().state()).isEqualTo(State.HELD);
            assertThat(seen().holder()).isEmpty();
            RecordedHolder holder = seen().recordedHolder().orElseThrow();
            assertThat(holder.record()).isZero();
            assertThat(holder.thread()).isPositive();
            assertThat(holder.alive()).isTrue();
            assertThat(holder.processId())
                    .hasValue((int) ProcessHandle.current().pid());
            switch (kind) {
                case RECURSIVE -> mutex.lock().close();
                case ERROR_CHECKING ->
                    assertThat(catchThrowableOfType(LockException.class, mutex::lock)
                                    .reason())
                            .isEqualTo(LockException.Reason.WOULD_DEADLOCK);
                default -> assertThat(mutex.tryLock(Duration.ofMillis(20))).isNull();
            }
            assertThat(CompletableFuture.supplyAsync(() -> mutex.tryLock() == null)
                            .get())
                    .isTrue();
        }
        assertThat(seen().state()).isEqualTo(State.FREE);
        assertThat(seen().recordedHolder()).isEmpty();
    }

    @Test
    void shouldTellTheThreadThatWaitsWhenTheHoldersThreadEnds() throws Exception {
        RobustMutex mutex = region.mutex("m");
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            Hold dropped = mutex.lock();
            held.countDown();
            await(end);
            assertThat(dropped.predecessorDied()).isFalse();
        });
        held.await();
        CompletableFuture<Boolean> told = CompletableFuture.supplyAsync(() -> {
            try (Hold hold = mutex.lock()) {
                hold.markConsistent();
                return hold.predecessorDied();
            }
        });
        while (!seen().waiters()) {
            Thread.sleep(1);
        }
        end.countDown();
        assertThat(told.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        holder.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** By the mourner alone: nobody waits who would look. */
    @Test
    void shouldMarkWhatAnEndedThreadHeldThoughNobodyWaits() throws Exception {
        RobustMutex mutex = region.mutex("m");
        RobustMutex other = region.mutex("other");
        RobustMutex third = region.mutex("third");
        try (Hold mine = other.lock()) {
            Thread holder = Thread.ofPlatform().start(() -> {
                mutex.lock();
                third.lock();
            });
            holder.join();
            long guard = System.nanoTime() + GUARD.toNanos();
            while (seen().state() == State.HELD) {
                assertThat(System.nanoTime() - guard).isNegative();
                Thread.sleep(1);
            }
            assertThat(seen().state()).isEqualTo(State.OWNER_DIED);
            assertThat(name.seenMutex(2).state())
                    .as("locked later, so marked before")
                    .isEqualTo(State.OWNER_DIED);
            assertThat(mine.predecessorDied()).isFalse();
        }
        try (Hold hold = mutex.tryLock()) {
            assertThat(hold.predecessorDied()).isTrue();
            assertThat(hold.death().orElseThrow().processId())
                    .hasValue((int) ProcessHandle.current().pid());
            hold.markConsistent();
        }
    }

    @Test
    void shouldRunRepairsAndGiveUp() throws Exception {
        RobustMutex mutex = region.mutex("m", death -> {});
        lockAndEnd(mutex);
        try (Hold hold = mutex.lock()) {
            assertThat(hold.predecessorDied()).isTrue();
        }
        assertThat(seen().recoveries()).isOne();
        RobustMutex hopeless = region.mutex("m", death -> {
            throw new GiveUpException("lost");
        });
        lockAndEnd(mutex);
        assertThatThrownBy(hopeless::lock).isInstanceOf(NotRecoverableException.class);
        assertThat(seen().state()).isEqualTo(State.NOT_RECOVERABLE);
        try (Hold hold = hopeless.reset()) {
            hold.markConsistent();
        }
        mutex.lock().close();
    }

    @Test
    void shouldLockForVirtualThreadsAndHandOvers() throws Exception {
        int count = 20;
        int times = 50;
        RobustMutex mutex = region.mutex("m");
        RobustMutex inner = region.mutex("inner");
        MemorySegment counter = region.memory("counter", Long.BYTES);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int time = 0; time < times; time++) {
                    try (Hold hold = mutex.lock();
                            Hold second = inner.lock()) {
                        counter.set(ValueLayout.JAVA_LONG, 0, counter.get(ValueLayout.JAVA_LONG, 0) + 1);
                        assertThat(hold.predecessorDied() || second.predecessorDied())
                                .isFalse();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(counter.get(ValueLayout.JAVA_LONG, 0)).isEqualTo((long) count * times);
        Hold handed = mutex.lockForHandOver();
        assertThat(catchThrowableOfType(RegionException.class, region::close).getMessage())
                .contains("(for hand-over) (record 0, thread ", "holds mutex m;");
        Thread closer = Thread.ofPlatform().start(handed::close);
        closer.join();
        assertThat(seen().state()).isEqualTo(State.FREE);
    }

    /** An ordinary region and one for several namespaces under one virtual thread have one deputy, which is nobody else's meanwhile. */
    @Test
    void shouldKeepTheDeputyAsLongAsItHoldsInEitherRegion() throws Exception {
        RobustMutex mutex = region.mutex("m");
        try (TestRegion ordinary = new TestRegion();
                Region second = Region.create(ordinary.name(), 0)) {
            RobustMutex other = second.mutex("m");
            CompletableFuture<Void> both = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 100; i++) {
                            Hold outer = mutex.lock();
                            Hold inner = other.lock();
                            if (i % 2 == 0) {
                                outer.close();
                                inner.close();
                            } else {
                                inner.close();
                                outer.close();
                            }
                        }
                    },
                    task -> Thread.ofVirtual().start(task));
            both.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS);
            mutex.lock().close();
            other.lock().close();
        }
    }

    @Test
    void shouldRefuseToCloseWhileAThreadHoldsAndSayWhich() throws Exception {
        RobustMutex mutex = region.mutex("m");
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().name("holder").start(() -> {
            try (Hold hold = mutex.lock()) {
                held.countDown();
                await(end);
                assertThat(hold.predecessorDied()).isFalse();
            }
        });
        held.await();
        RegionException refusal = catchThrowableOfType(RegionException.class, region::close);
        assertThat(refusal.reason()).isEqualTo(RegionException.Reason.IN_USE);
        assertThat(refusal.getMessage()).contains("thread \"holder\" (record 0, thread 2) holds mutex m;");
        end.countDown();
        holder.join();
        region.close();
        assertThat(catchThrowableOfType(LockException.class, mutex::lock).reason())
                .isEqualTo(LockException.Reason.CLOSED);
        Thread stranger = Thread.ofPlatform().unstarted(mutex::lock);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        stranger.setUncaughtExceptionHandler((_, refused) -> thrown.complete(refused));
        stranger.start();
        assertThat(thrown.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("is closed");
    }

    @Test
    void shouldLeaveWhatEndedThreadsHeldMarkedWhenItIsClosed() throws Exception {
        for (int round = 0; round < 20; round++) {
            lockAndEnd(region.mutex("m" + round));
            region.close();
            int last = round;
            assertThat(name.seenMutex(last).state()).isEqualTo(State.OWNER_DIED);
            region = Region.open(name.name());
        }
    }

    @Test
    void shouldShareTheRecordBetweenHandlesOfOneProcess() {
        try (Region second = Region.open(name.name())) {
            RobustMutex mutex = region.mutex("m");
            RobustMutex same = second.mutex("m");
            try (Hold hold = mutex.lock()) {
                assertThat(hold.predecessorDied()).isFalse();
                assertThat(catchThrowableOfType(LockException.class, same::lock).reason())
                        .isEqualTo(LockException.Reason.WOULD_DEADLOCK);
            }
        }
    }

    @Test
    void shouldRefuseTheAddressForC() {
        assertThatThrownBy(() -> region.mutex("m").pthreadMutex())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("for several PID namespaces");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldBeWhatItWasCreatedAs(boolean askedForSeveral) {
        assertThat(Region.inspect(name.name()).severalPidNamespaces()).isTrue();
        Region.openOrCreate(name.name(), 64, askedForSeveral ? SEVERAL : RegionOptions.DEFAULT)
                .close();
        try (TestRegion ordinary = new TestRegion()) {
            Region.create(ordinary.name(), 64).close();
            assertThat(Region.inspect(ordinary.name()).severalPidNamespaces()).isFalse();
            assertThat(catchThrowableOfType(
                                    RegionException.class, () -> Region.openOrCreate(ordinary.name(), 64, SEVERAL))
                            .reason())
                    .isEqualTo(RegionException.Reason.INCOMPATIBLE);
        }
    }
}
