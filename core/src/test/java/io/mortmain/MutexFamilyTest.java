package io.mortmain;

import static io.mortmain.errors.LockException.Reason.NOT_HOLDER;
import static io.mortmain.errors.LockException.Reason.WOULD_DEADLOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.errors.LockException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.NativeThread;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways to acquire and to release, and their misuse: rows D1, D2, D11, D17. */
class MutexFamilyTest {
    private final TestRegion name = new TestRegion();
    private Region region;
    private RobustMutex mutex;

    @BeforeEach
    void create() {
        region = Region.create(name.name(), 0);
        mutex = region.mutex("m");
    }

    @AfterEach
    void remove() {
        region.close();
        name.close();
    }

    /** Runs on a thread of its own, to its end. */
    static void elsewhere(Body body) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Throwable failed) {
                failure.set(failed);
            }
        });
        thread.start();
        thread.join(Duration.ofSeconds(TestProcess.GUARD_SECONDS));
        assertThat(thread.isAlive()).as("the thread hangs").isFalse();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    interface Body {
        void run() throws Exception;
    }

    private int word() {
        return MappedWords.INSTANCE.getIntVolatile(mutex.pthreadMutex().address() + GlibcMutexLayout.LOCK);
    }

    private static Hold held(Hold hold) {
        return Objects.requireNonNull(hold);
    }

    @ParameterizedTest
    @EnumSource(MutexKind.class)
    void shouldExcludeOthersUntilReleasedWhenAcquiredInAnyWay(MutexKind kind) throws Exception {
        RobustMutex each = region.mutex("kind " + kind, kind, null);
        assertThat(each.kind()).isEqualTo(kind);
        for (int way = 0; way < 4; way++) {
            Hold hold = switch (way) {
                case 0 -> each.lock();
                case 1 -> held(each.tryLock());
                case 2 -> held(each.tryLock(Duration.ofDays(400 * 365L)));
                default -> each.lockInterruptibly();
            };
            try (hold) {
                assertThat(hold.mutex()).isSameAs(each);
                assertThat(hold.predecessorDied()).isFalse();
                assertThat(hold.death()).isEmpty();
                elsewhere(() -> {
                    assertThat(each.tryLock()).isNull();
                    assertThat(each.tryLock(Duration.ofMillis(3))).isNull();
                    assertThat(each.tryLock(Duration.ofNanos(-1))).isNull();
                });
            }
            elsewhere(() -> held(each.tryLock()).close());
        }
    }

    @Test
    void shouldWaitForItselfWhenTheHolderOfANormalMutexLocksAgain() throws Exception {
        RobustMutex normal = region.mutex("normal", MutexKind.NORMAL, null);
        try (Hold hold = normal.lock()) {
            assertThat(normal.tryLock()).isNull();
            assertThat(normal.tryLock(Duration.ofMillis(120))).isNull();
            Thread.currentThread().interrupt();
            assertThatThrownBy(normal::lockInterruptibly).isInstanceOf(InterruptedException.class);
            assertThat(hold.predecessorDied()).isFalse();
        }
        elsewhere(() -> held(normal.tryLock()).close());
    }

    @Test
    void shouldRefuseWhenTheHolderOfAnErrorCheckingMutexLocksAgain() throws Exception {
        try (Hold hold = mutex.lock()) {
            for (Body again : new Body[] {
                mutex::lock, mutex::tryLock, () -> mutex.tryLock(Duration.ofSeconds(1)), mutex::lockInterruptibly
            }) {
                assertThatThrownBy(again::run)
                        .isInstanceOfSatisfying(
                                LockException.class,
                                refused -> assertThat(refused.reason()).isEqualTo(WOULD_DEADLOCK))
                        .hasMessageContaining("holds mutex m of region /dev/shm/" + name.name() + " already");
            }
            assertThat(hold.predecessorDied()).isFalse();
        }
        elsewhere(() -> held(mutex.tryLock()).close());
    }

    @Test
    void shouldCountWhenTheHolderOfARecursiveMutexLocksAgain() throws Exception {
        RobustMutex recursive = region.mutex("recursive", MutexKind.RECURSIVE, null);
        Hold first = recursive.lock();
        Hold second = recursive.lock();
        Hold third = held(recursive.tryLock());
        Hold fourth = held(recursive.tryLock(Duration.ofSeconds(1)));
        for (Hold hold : new Hold[] {fourth, first, third}) {
            hold.close();
            elsewhere(() -> assertThat(recursive.tryLock()).isNull());
        }
        second.close();
        elsewhere(() -> held(recursive.tryLock()).close());
    }

    /**
     * The count is written here: to acquire 4,294,967,295 times through Java takes 80 minutes, at 1.1 microseconds each. The next test has
     * C code on the same thread do it.
     */
    @Test
    void shouldRefuseWhenARecursiveMutexWasEnteredTooOften() {
        RobustMutex recursive = region.mutex("recursive", MutexKind.RECURSIVE, null);
        long count = recursive.pthreadMutex().address() + GlibcMutexLayout.COUNT;
        try (Hold hold = recursive.lock()) {
            MappedWords.INSTANCE.putIntRelease(count, -1);
            assertTooDeep(recursive);
            MappedWords.INSTANCE.putIntRelease(count, 1);
            assertThat(hold.predecessorDied()).isFalse();
        }
        assertThat(recursive.tryLock()).isNotNull().satisfies(Hold::close);
    }

    @Test
    void shouldRefuseWhenARecursiveMutexWasReallyEnteredTooOften() throws Exception {
        assumeTrue(
                Boolean.getBoolean("mortmain.soak"), "takes a quarter of a minute; run it with -Dmortmain.soak=true");
        RobustMutex recursive = region.mutex("recursive", MutexKind.RECURSIVE, null);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread holder = new Thread(() -> enterTooOften(recursive));
        holder.setUncaughtExceptionHandler((_, failed) -> failure.set(failed));
        holder.start();
        holder.join();
        assertThat(failure.get()).isNull();
        Hold hold = held(recursive.tryLock(Duration.ofSeconds(TestProcess.GUARD_SECONDS)));
        assertThat(hold.predecessorDied()).isTrue();
        hold.markConsistent();
        hold.close();
        elsewhere(() -> held(recursive.tryLock()).close());
    }

    /** Ends without a release: as many would take as long again. */
    private static void enterTooOften(RobustMutex recursive) {
        long most = 0xffff_ffffL;
        Hold first = recursive.lock();
        assertThat(NativeThread.lockOften(recursive.pthreadMutex(), most - 2)).isEqualTo(most - 2);
        Hold last = recursive.lock();
        assertTooDeep(recursive);
        assertThat(NativeThread.lockOften(recursive.pthreadMutex(), 1))
                .as("by C")
                .isZero();
        last.close();
        recursive.lock();
        assertTooDeep(recursive);
        assertThat(first.predecessorDied()).isFalse();
    }

    private static void assertTooDeep(RobustMutex recursive) {
        assertThatThrownBy(recursive::lock)
                .isInstanceOfSatisfying(
                        LockException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.TOO_DEEP));
    }

    @Test
    void shouldRefuseReleaseByAnotherThreadAndLeaveTheMutexUntouched() throws Exception {
        Hold hold = mutex.lock();
        int held = word();
        elsewhere(() -> {
            assertThatThrownBy(hold::close)
                    .isInstanceOfSatisfying(
                            LockException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(NOT_HOLDER))
                    .hasMessageContaining("holds it and must close the Hold itself");
            assertThatThrownBy(hold::markConsistent).isInstanceOf(LockException.class);
            assertThatThrownBy(mutex.asLock()::unlock)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("does not hold mutex m");
        });
        assertThat(word()).isEqualTo(held);
        assertThatThrownBy(hold::markConsistent).hasMessageContaining("is not inconsistent");
        hold.close();
        assertThat(word()).isZero();
    }

    @Test
    void shouldRefuseReleaseOfWhatNobodyHolds() {
        assertThatThrownBy(mutex.asLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(word()).isZero();
    }

    @Test
    void shouldRefuseReleaseByAnotherProcess() {
        try (TestProcess peer = TestProcess.peer(MutexActors.class, name.name(), "ERROR_CHECKING");
                Hold hold = mutex.lock()) {
            int held = word();
            peer.say("a aslock-unlock");
            assertThat(peer.expect("a ")).isEqualTo("a aslock-unlock illegal");
            assertThat(word()).isEqualTo(held);
            assertThat(hold.predecessorDied()).isFalse();
        }
        assertThat(word()).isZero();
    }

    @Test
    void shouldIgnoreTheSecondCloseEvenWhenSomebodyElseHoldsByThen() throws Exception {
        Hold first = mutex.lock();
        first.close();
        first.close();
        elsewhere(() -> {
            try (Hold others = mutex.lock()) {
                int held = word();
                first.close();
                assertThat(word()).isEqualTo(held);
                assertThat(others.predecessorDied()).isFalse();
            }
        });
        try (Hold again = mutex.lock()) {
            first.close();
            assertThat(word()).isNotZero();
            assertThatThrownBy(first::markConsistent).hasMessageContaining("was closed");
            assertThat(again.predecessorDied()).isFalse();
        }
    }

    @Test
    void shouldRefuseAStaleHoldAndMutexAfterTheRegionWasClosed() {
        Hold hold = mutex.lock();
        assertThatThrownBy(region::close).hasMessageContaining("holds mutex m");
        hold.close();
        region.close();
        hold.close();
        for (Body use : new Body[] {
            mutex::lock,
            mutex::tryLock,
            () -> mutex.tryLock(Duration.ofSeconds(1)),
            mutex::lockInterruptibly,
            mutex::reset,
            mutex.asLock()::lock
        }) {
            assertThatThrownBy(use::run)
                    .isInstanceOfSatisfying(
                            LockException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.CLOSED));
        }
        assertThatThrownBy(mutex.asLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void shouldThrowAndClearTheFlagWhenInterruptedBeforeOrWhileWaiting() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(mutex::lockInterruptibly).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> mutex.tryLock(Duration.ZERO)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(word()).isZero();
        try (Hold hold = mutex.lock()) {
            Thread main = Thread.currentThread();
            for (boolean timed : new boolean[] {false, true}) {
                elsewhere(() -> interruptedWhileWaiting(timed));
            }
            assertThat(main.isInterrupted()).isFalse();
            assertThat(hold.predecessorDied()).isFalse();
        }
        assertThat(mutex.tryLock()).isNotNull().satisfies(Hold::close);
    }

    private void interruptedWhileWaiting(boolean timed) throws InterruptedException {
        Thread waiter = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while ((word() & GlibcMutexLayout.WAITERS) == 0) {
                Thread.onSpinWait();
            }
            waiter.interrupt();
        });
        interrupter.start();
        assertThatThrownBy(() -> {
                    if (timed) {
                        mutex.tryLock(Duration.ofSeconds(TestProcess.GUARD_SECONDS));
                    } else {
                        mutex.lockInterruptibly();
                    }
                })
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        interrupter.join();
    }

    @Test
    void shouldKeepAnInterruptForLaterWhenTheWaitIsNotInterruptible() throws Exception {
        Hold hold = mutex.lock();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try (Hold late = mutex.lock()) {
                flag.set(Thread.currentThread().isInterrupted() && !late.predecessorDied());
            }
        });
        waiter.start();
        while ((word() & GlibcMutexLayout.WAITERS) == 0) {
            Thread.onSpinWait();
        }
        waiter.interrupt();
        assertThat(waiter.join(Duration.ofMillis(120))).as("it waits on").isFalse();
        hold.close();
        waiter.join();
        assertThat(flag.get()).isTrue();
    }

    @Test
    void shouldWaitAsLongAsAskedAndNotLonger() throws Exception {
        try (Hold hold = mutex.lock()) {
            elsewhere(() -> {
                long start = System.nanoTime();
                assertThat(mutex.tryLock(Duration.ofMillis(130))).isNull();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(130_000_000L);
            });
            assertThat(hold.predecessorDied()).isFalse();
        }
    }

    @Test
    void shouldBehaveAsALock() throws Exception {
        Lock lock = mutex.asLock();
        lock.lock();
        elsewhere(() -> {
            assertThat(lock.tryLock()).isFalse();
            assertThat(lock.tryLock(1, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(lock.tryLock(-1, TimeUnit.DAYS)).isFalse();
            Thread.currentThread().interrupt();
            assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
        });
        lock.unlock();
        lock.lockInterruptibly();
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
        assertThat(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        lock.unlock();
        assertThat(word()).isZero();
        assertThatThrownBy(lock::newCondition).isInstanceOf(UnsupportedOperationException.class);
        assertThat(lock).hasToString(mutex.toString());
    }
}
