package io.mortmain;

import static io.mortmain.VirtualThreads.awaitParked;
import static io.mortmain.VirtualThreads.awaitSleeper;
import static io.mortmain.VirtualThreads.end;
import static io.mortmain.VirtualThreads.holder;
import static io.mortmain.VirtualThreads.platform;
import static io.mortmain.VirtualThreads.virtual;
import static io.mortmain.VirtualThreads.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.VirtualThreads.Actor;
import io.mortmain.errors.LockException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.OwnerDiedException;
import io.mortmain.errors.RegionException;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row D10: what a virtual thread does to a mutex, and its misuse, as {@code MutexFamilyTest} has it for platform threads. */
class VirtualThreadLockTest {
    private static final Duration GUARD = Duration.ofSeconds(TestProcess.GUARD_SECONDS);

    private final TestRegion name = new TestRegion();
    private final List<Actor> actors = new ArrayList<>();
    private Region region;
    private RobustMutex mutex;
    private Actor me;
    private Actor other;

    @BeforeEach
    void create() {
        region = Region.create(name.name(), 0);
        mutex = region.mutex("m");
        me = act(virtual("me"));
        other = act(virtual("other"));
    }

    private Actor act(Actor actor) {
        actors.add(actor);
        return actor;
    }

    @AfterEach
    void remove() {
        actors.forEach(Actor::close);
        region.close();
        name.close();
    }

    private static Hold held(Hold hold) {
        return Objects.requireNonNull(hold);
    }

    private static boolean close(Hold hold) {
        hold.close();
        return true;
    }

    @ParameterizedTest
    @EnumSource(MutexKind.class)
    void shouldExcludeOthersUntilReleasedWhenAcquiredInAnyWay(MutexKind kind) {
        RobustMutex each = region.mutex("kind " + kind, kind, null);
        for (int way = 0; way < 4; way++) {
            int chosen = way;
            Hold hold = me.run(() -> switch (chosen) {
                case 0 -> each.lock();
                case 1 -> held(each.tryLock());
                case 2 -> held(each.tryLock(Duration.ofDays(400 * 365L)));
                default -> each.lockInterruptibly();
            });
            assertThat(hold.predecessorDied()).isFalse();
            assertThat(each.tryLock()).isNull();
            assertThat(other.<Object>run(each::tryLock)).isNull();
            assertThat(other.<Object>run(() -> each.tryLock(Duration.ofMillis(3))))
                    .isNull();
            assertThat(other.<Object>run(() -> each.tryLock(Duration.ofNanos(-1))))
                    .isNull();
            me.run(() -> close(hold));
            me.run(() -> close(hold)); // no effect
            assertThat(word(each)).isZero();
            held(each.tryLock()).close();
        }
    }

    @Test
    void shouldBehaveAsALock() {
        Lock lock = mutex.asLock();
        me.run(() -> {
            lock.lock();
            return true;
        });
        assertThat(other.run(() -> lock.tryLock())).isFalse();
        assertThat(other.run(() -> lock.tryLock(1, TimeUnit.MILLISECONDS))).isFalse();
        for (Actor stranger : List.of(other, act(platform("stranger")))) {
            assertThatThrownBy(() -> stranger.run(() -> {
                        lock.unlock();
                        return true;
                    }))
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("thread \"" + stranger.thread().getName() + "\" does not hold mutex m");
        }
        me.run(() -> {
            lock.unlock();
            lock.lockInterruptibly();
            lock.unlock();
            return lock.tryLock();
        });
        assertThat(word(mutex)).isNotZero();
        me.run(() -> {
            lock.unlock();
            return true;
        });
        assertThat(word(mutex)).isZero();
    }

    @Test
    void shouldHoldNestedMutexesByOneDeputyAndThoseOfOthersByAnother() {
        RobustMutex second = region.mutex("second");
        RobustMutex third = region.mutex("third");
        Hold first = me.run(mutex::lock);
        Hold inner = me.run(second::lock);
        Hold others = other.run(third::lock);
        assertThat(holder(second)).isEqualTo(holder(mutex)).isNotEqualTo(holder(third));
        me.run(() -> close(first)); // the older one first
        assertThat(holder(second)).isNotZero();
        Hold again = me.run(mutex::lock);
        assertThat(holder(mutex)).isEqualTo(holder(second));
        me.run(() -> close(inner));
        me.run(() -> close(again));
        other.run(() -> close(others));
    }

    @Test
    void shouldRefuseWhenTheHolderOfAnErrorCheckingMutexLocksAgain() {
        Hold hold = me.run(mutex::lock);
        CompletableFuture<Hold> waits = other.begin(mutex::lock);
        awaitSleeper(mutex); // the holder must not queue behind it
        for (VirtualThreads.Body<Hold> again : List.<VirtualThreads.Body<Hold>>of(
                mutex::lock, mutex::tryLock, () -> mutex.tryLock(GUARD), mutex::lockInterruptibly)) {
            LockException refused = catchThrowableOfType(LockException.class, () -> me.run(again));
            assertThat(refused.reason()).isEqualTo(LockException.Reason.WOULD_DEADLOCK);
            assertThat(refused).hasMessageContaining("virtual thread \"me\" holds mutex m");
        }
        me.run(() -> close(hold));
        Hold late = end(waits);
        other.run(() -> close(late));
    }

    @Test
    void shouldCountWhenTheHolderOfARecursiveMutexLocksAgainAlsoWhileOthersWait() {
        RobustMutex recursive = region.mutex("recursive", MutexKind.RECURSIVE, null);
        Hold first = me.run(recursive::lock);
        CompletableFuture<Hold> waits = other.begin(recursive::lock);
        awaitSleeper(recursive);
        Hold second = me.run(recursive::lock);
        Hold third = me.run(() -> held(recursive.tryLock(GUARD)));
        for (Hold hold : new Hold[] {third, first}) {
            me.run(() -> close(hold));
            assertThat(recursive.tryLock()).isNull();
            assertThat(waits).isNotDone();
        }
        me.run(() -> close(second));
        Hold late = end(waits);
        other.run(() -> close(late));
    }

    @Test
    void shouldWaitForItselfWhenTheHolderOfANormalMutexLocksAgain() {
        RobustMutex normal = region.mutex("normal", MutexKind.NORMAL, null);
        Hold hold = me.run(normal::lock);
        assertThat(me.<Object>run(normal::tryLock)).isNull();
        assertThat(me.<Object>run(() -> normal.tryLock(Duration.ofMillis(120)))).isNull();
        CompletableFuture<Hold> again = me.begin(normal::lockInterruptibly);
        awaitSleeper(normal);
        me.thread().interrupt();
        assertThatThrownBy(() -> end(again)).isInstanceOf(InterruptedException.class);
        me.run(() -> close(hold));
        assertThat(word(normal)).isZero();
    }

    @Test
    void shouldRefuseReleaseByAnotherThread() {
        Hold hold = me.run(mutex::lock);
        int held = word(mutex);
        for (Actor stranger : List.of(other, act(platform("stranger")))) {
            LockException refused = catchThrowableOfType(LockException.class, () -> stranger.run(() -> close(hold)));
            assertThat(refused.reason()).isEqualTo(LockException.Reason.NOT_HOLDER);
            assertThat(refused).hasMessageContaining("virtual thread \"me\" holds it and must close the Hold itself");
        }
        assertThat(word(mutex)).isEqualTo(held);
        me.run(() -> close(hold));
        Hold ours = mutex.lock();
        assertThatThrownBy(() -> me.run(() -> close(ours))).isInstanceOf(LockException.class);
        ours.close();
    }

    /** With and without others before it: asleep by a deputy, and in the queue behind one that is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldThrowAndHoldNothingWhenInterruptedBeforeOrWhileWaiting(boolean inQueue) throws Exception {
        assertThatThrownBy(() -> me.run(() -> {
                    Thread.currentThread().interrupt();
                    return mutex.lockInterruptibly();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(word(mutex)).isZero();
        Hold hold = mutex.lock();
        CompletableFuture<Hold> before = inQueue ? other.begin(mutex::lock) : null;
        if (before != null) {
            awaitSleeper(mutex);
        }
        for (VirtualThreads.Body<Hold> way :
                List.<VirtualThreads.Body<Hold>>of(mutex::lockInterruptibly, () -> mutex.tryLock(GUARD))) {
            CompletableFuture<Hold> waits = me.begin(way);
            awaitSleeper(mutex);
            awaitParked(me);
            me.thread().interrupt();
            assertThatThrownBy(() -> end(waits)).isInstanceOf(InterruptedException.class);
            assertThat(me.run(Thread::interrupted)).as("the flag").isFalse();
        }
        hold.close();
        if (before != null) {
            Hold late = end(before);
            other.run(() -> close(late));
        }
        assertThat(word(mutex)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepAnInterruptForLaterWhenTheWaitIsNotInterruptible(boolean inQueue) throws Exception {
        Hold hold = mutex.lock();
        CompletableFuture<Hold> before = inQueue ? other.begin(mutex::lock) : null;
        if (before != null) {
            awaitSleeper(mutex);
        }
        CompletableFuture<Boolean> waits = me.begin(() -> {
            try (Hold late = mutex.lock()) {
                return Thread.currentThread().isInterrupted() && !late.predecessorDied();
            }
        });
        awaitSleeper(mutex);
        awaitParked(me);
        me.thread().interrupt();
        Thread.sleep(120);
        assertThat(waits).as("it waits on").isNotDone();
        hold.close();
        if (before != null) {
            Hold late = end(before);
            other.run(() -> close(late));
        }
        assertThat(end(waits)).as("the flag").isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitAsLongAsAskedAndNotLonger(boolean inQueue) {
        Hold hold = mutex.lock();
        CompletableFuture<Hold> before = inQueue ? other.begin(mutex::lock) : null;
        if (before != null) {
            awaitSleeper(mutex);
        }
        long nanos = me.run(() -> {
            long start = System.nanoTime();
            assertThat(mutex.tryLock(Duration.ofMillis(130))).isNull();
            return System.nanoTime() - start;
        });
        assertThat(nanos).isGreaterThanOrEqualTo(130_000_000L);
        hold.close();
        if (before != null) {
            Hold late = end(before);
            other.run(() -> close(late));
        }
        assertThat(word(mutex)).isZero();
    }

    @Test
    void shouldLoseNoMutexWhenInterruptAndReleaseMeet() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int interrupted = 0;
        for (int round = 0; round < 200; round++) {
            Hold hold = mutex.lock();
            boolean timed = random.nextBoolean();
            CompletableFuture<Hold> waits = me.begin(timed ? () -> mutex.tryLock(GUARD) : mutex::lockInterruptibly);
            spin(random.nextInt(200_000));
            if (random.nextBoolean()) {
                hold.close();
                spin(random.nextInt(50_000));
                me.thread().interrupt();
            } else {
                me.thread().interrupt();
                spin(random.nextInt(50_000));
                hold.close();
            }
            try {
                Hold late = end(waits);
                me.run(() -> close(late));
            } catch (Exception expected) {
                assertThat(expected).as("seed %d", seed).isInstanceOf(InterruptedException.class);
                interrupted++;
            }
            me.run(Thread::interrupted);
            assertThat(word(mutex)).as("seed %d round %d", seed, round).isZero();
        }
        System.out.println("interrupt and release: seed " + seed + ", interrupted " + interrupted + " of 200");
    }

    private static void spin(int nanos) {
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos; ) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldBeToldOfADeathAndDeclareTheDataConsistent() throws Exception {
        VirtualThreads.dieHolding(mutex);
        Hold hold = me.run(mutex::lock);
        assertThat(hold.predecessorDied()).isTrue();
        assertThat(hold.death().orElseThrow().threadId()).isPresent();
        assertThatThrownBy(() -> other.run(() -> {
                    hold.markConsistent();
                    return true;
                }))
                .isInstanceOf(LockException.class);
        me.run(() -> {
            hold.markConsistent();
            return close(hold);
        });
        VirtualThreads.dieHolding(mutex);
        me.run(() -> close(mutex.lock())); // without declaring
        assertThatThrownBy(() -> me.run(mutex::lock)).isInstanceOf(NotRecoverableException.class);
        me.run(() -> {
            try (Hold reset = mutex.reset()) {
                reset.markConsistent();
            }
            return true;
        });
        try (Hold clean = mutex.lock()) {
            assertThat(clean.predecessorDied()).isFalse();
        }
        LockException nothing = catchThrowableOfType(LockException.class, () -> me.run(mutex::reset));
        assertThat(nothing.reason()).isEqualTo(LockException.Reason.NOTHING_TO_RESET);
    }

    @Test
    void shouldRunTheRepairInTheVirtualThreadAndHandOnTheDeathWhenItFails() throws Exception {
        List<Thread> ran = new ArrayList<>();
        List<Integer> holders = new ArrayList<>();
        RobustMutex inner = region.mutex("inner");
        RobustMutex repairing = region.mutex("m", _ -> {
            ran.add(Thread.currentThread());
            Thread.sleep(5);
            try (Hold nested = inner.lock()) {
                holders.add(nested.predecessorDied() ? -1 : holder(inner));
            }
            if (ran.size() == 1) {
                throw new IllegalStateException("this time");
            }
        });
        VirtualThreads.dieHolding(mutex);
        assertThatThrownBy(() -> me.run(repairing::lock))
                .isInstanceOf(OwnerDiedException.class)
                .hasMessageContaining("this time");
        assertThatThrownBy(() -> me.run(() -> {
                    mutex.asLock().lock();
                    return true;
                }))
                .isInstanceOf(OwnerDiedException.class);
        Hold hold = me.run(repairing::lock);
        assertThat(ran).containsOnly(me.thread()).hasSize(2);
        assertThat(holders.get(1)).isEqualTo(holder(mutex));
        me.run(() -> close(hold));
        assertThat(word(mutex)).isZero();
    }

    @Test
    void shouldRefuseToCloseTheRegionAndNameTheVirtualThread() {
        Hold hold = me.run(mutex::lock);
        assertThat(refusal(region)).contains("virtual thread \"me\"", "holds mutex m");
        try (Region second = Region.open(name.name())) {
            CompletableFuture<Hold> waits = other.begin(second.mutex("m")::lock);
            Actor queued = act(virtual("queued"));
            awaitSleeper(mutex);
            CompletableFuture<Hold> queues = queued.begin(second.mutex("m")::lock);
            assertThat(refusal(second)).contains("virtual thread \"other\"", "waits for or releases mutex m");
            me.run(() -> close(hold));
            Hold late = end(waits);
            other.run(() -> close(late));
            Hold last = end(queues);
            queued.run(() -> close(last));
        }
    }

    private static String refusal(Region region) {
        RegionException refused = catchThrowableOfType(RegionException.class, region::close);
        assertThat(refused.reason()).isEqualTo(RegionException.Reason.IN_USE);
        return refused.getMessage();
    }

    @Test
    void shouldRefuseAndGoOnWithOthersWhenTheFileIsTruncatedUnderTheHolder() throws Exception {
        try (TestRegion second = new TestRegion();
                Region truncated = Region.create(second.name(), 0)) {
            RobustMutex damaged = truncated.mutex("m");
            Hold sound = me.run(mutex::lock);
            Hold hold = me.run(damaged::lock);
            try (FileChannel file = FileChannel.open(Path.of(second.path()), StandardOpenOption.WRITE)) {
                file.truncate(0);
            }
            for (VirtualThreads.Body<Boolean> use :
                    List.<VirtualThreads.Body<Boolean>>of(() -> close(hold), () -> close(damaged.lock()))) {
                LockException refused = catchThrowableOfType(LockException.class, () -> me.run(use));
                assertThat(refused.reason()).isEqualTo(LockException.Reason.DAMAGED);
            }
            me.run(() -> close(sound));
            assertThat(word(mutex)).isZero();
            Hold again = me.run(mutex::lock);
            assertThat(again.predecessorDied()).isFalse();
            me.run(() -> close(again));
        }
    }

    @Test
    void shouldStayHeldAndBeNoDeathWhenTheVirtualThreadEndsWithoutRelease() throws Exception {
        CompletableFuture<Hold> leaked = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> leaked.complete(mutex.lock())).join();
        assertThat(mutex.tryLock(Duration.ofMillis(120))).isNull();
        assertThat(refusal(region)).contains("virtual thread #", "holds mutex m");
        assertThat(end(leaked).predecessorDied()).isFalse();
        int deputy = holder(mutex);
        assertThat(deputy).isNotZero();
        io.mortmain.internal.words.MappedWords.INSTANCE.putIntRelease(
                mutex.pthreadMutex().address(), 0); // for the end
    }
}
