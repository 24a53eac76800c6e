package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.GiveUpException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.OwnerDiedException;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the next acquirer gets when the holder died, in real processes: rows A1 to A3, B1, B5, B6. */
class MutexDeathTest {
    private final TestRegion name = new TestRegion();
    private final List<TestProcess> peers = new ArrayList<>();
    private Region region;
    private RobustMutex mutex;
    private long lastAddress;

    @BeforeEach
    void create() {
        region = Region.create(name.name(), 0);
        mutex = region.mutex("m");
    }

    @AfterEach
    void remove() {
        peers.forEach(TestProcess::kill);
        region.close();
        name.close();
    }

    private TestProcess peer() {
        return peer(MutexKind.ERROR_CHECKING);
    }

    private TestProcess peer(MutexKind kind) {
        TestProcess peer = TestProcess.peer(MutexActors.class, name.name(), kind.name());
        peers.add(peer);
        lastAddress = Long.parseLong(peer.expect("mutex at ").substring("mutex at ".length()), 16);
        return peer;
    }

    private static String ask(TestProcess peer, String action) {
        peer.say(action);
        return peer.expect(action).substring(action.length() + 1);
    }

    private MutexSnapshot.State state() {
        return name.seenMutex(0).state();
    }

    /** In C, where a process starts at once: the word is the same. */
    private void killedWhileHolding() {
        long offset = Region.inspect(name.name()).objects().get(0).offset();
        try (MutexPeer holder = MutexPeer.start(Language.C).open(name, offset)) {
            assertThat(holder.ask("lock")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource(MutexKind.class)
    void shouldTellTheNextAcquirerWhenTheHolderDiedInAnyWay(MutexKind kind) {
        RobustMutex each = kind == mutex.kind() ? mutex : recreate(kind);
        TestProcess first = peer(kind);
        TestProcess second = peer(kind);
        for (String way : new String[] {"thread", "exit", "kill"}) {
            TestProcess holder = way.equals("kill") ? second : first; // the first lives on when its thread ended
            assertThat(ask(holder, way + " lock")).isEqualTo("clean");
            switch (way) {
                case "kill" -> holder.kill();
                case "exit" -> {
                    holder.say("other exit");
                    assertThat(holder.exitCode()).isEqualTo(3);
                }
                default -> assertThat(ask(holder, way + " die")).isEqualTo("ok");
            }
            try (Hold hold = each.lock()) {
                assertThat(hold.predecessorDied()).as(way).isTrue();
                assertThat(hold.death().orElseThrow().threadId()).isPresent();
                assertThat(hold.death().orElseThrow().whileRepairing()).isFalse();
                hold.markConsistent();
            }
            try (Hold hold = each.lock()) {
                assertThat(hold.predecessorDied()).isFalse();
            }
        }
    }

    private RobustMutex recreate(MutexKind kind) {
        region.close();
        Region.delete(name.name());
        region = Region.create(name.name(), 0);
        return region.mutex("m", kind, null);
    }

    @Test
    void shouldTellAWaiterAtTheDeath() {
        TestProcess holder = peer();
        assertThat(ask(holder, "h lock")).isEqualTo("clean");
        TestProcess waiter = peer();
        waiter.say("w lock");
        waiter.awaitWaiters(lastAddress, 1);
        holder.kill();
        assertThat(waiter.expect("w lock")).isEqualTo("w lock died");
    }

    @Test
    void shouldRepairOnceWhenTheHolderDied() {
        killedWhileHolding();
        TestProcess next = peer();
        assertThat(ask(next, "a lock-repairing")).isEqualTo("died");
        assertThat(ask(next, "a unlock")).isEqualTo("ok");
        List<Death> repaired = new ArrayList<>();
        try (Hold hold = region.mutex("m", repaired::add).lock()) {
            assertThat(hold.predecessorDied()).isFalse();
        }
        assertThat(repaired).isEmpty();
    }

    @Test
    void shouldNeedNoMarkWhenTheRepairHasDoneIt() {
        killedWhileHolding();
        List<Death> repaired = new ArrayList<>();
        RobustMutex repairing = region.mutex("m", repaired::add);
        try (Hold hold = repairing.lock()) {
            assertThat(hold.death()).contains(repaired.get(0));
            assertThatThrownBy(hold::markConsistent).isInstanceOf(LockException.class);
        }
        try (Hold hold = repairing.lock()) {
            assertThat(hold.predecessorDied()).isFalse();
        }
        assertThat(repaired).hasSize(1);
        assertThat(repaired.get(0).threadId()).isPresent();
    }

    @Test
    void shouldTellTheNextWhenARepairFails() {
        killedWhileHolding();
        TestProcess next = peer();
        assertThat(ask(next, "a lock-failing")).isEqualTo("OWNER_DIED");
        assertThat(state()).isEqualTo(MutexSnapshot.State.OWNER_DIED);
        assertThat(ask(next, "a lock-failing")).isEqualTo("OWNER_DIED");
        List<Death> repaired = new ArrayList<>();
        RobustMutex repairing = region.mutex("m", repaired::add);
        repairing.lock().close();
        assertThat(repaired)
                .containsExactly(new Death(java.util.OptionalInt.empty(), true, false, java.util.OptionalInt.empty()));
        assertThat(state()).isEqualTo(MutexSnapshot.State.FREE);
    }

    @Test
    void shouldTellAWaiterWhenARepairFails() {
        killedWhileHolding();
        TestProcess stuck = peer();
        stuck.say("a lock-stuck");
        stuck.expect("a is-repairing");
        TestProcess waiter = peer();
        waiter.say("w lock-repairing");
        waiter.awaitWaiters(lastAddress, 1);
        stuck.say("a interrupt"); // ends its repair with an exception
        assertThat(stuck.expect("a lock-stuck")).isEqualTo("a lock-stuck OWNER_DIED");
        assertThat(waiter.expect("w lock-repairing")).isEqualTo("w lock-repairing died-repairing");
    }

    @Test
    void shouldRepairFromTheStartWhenOneWasKilledInItsRepair() {
        killedWhileHolding();
        TestProcess stuck = peer();
        stuck.say("a lock-stuck");
        stuck.expect("a is-repairing");
        stuck.kill();
        TestProcess next = peer();
        assertThat(ask(next, "a lock-repairing")).isEqualTo("died-repairing");
    }

    @Test
    void shouldTellAgainWhenKilledBeforeOrAfterDeclaringConsistent() {
        killedWhileHolding();
        TestProcess before = peer();
        assertThat(ask(before, "a lock")).isEqualTo("died");
        before.kill();
        TestProcess after = peer();
        assertThat(ask(after, "a lock")).isEqualTo("died-repairing");
        assertThat(ask(after, "a consistent")).isEqualTo("ok");
        after.kill();
        try (Hold hold = mutex.lock()) {
            assertThat(hold.death().orElseThrow().whileRepairing()).isFalse();
            hold.markConsistent();
        }
    }

    @Test
    void shouldFailClosedWhenALockHasNoRepair() {
        killedWhileHolding();
        Lock lock = mutex.asLock();
        assertThatThrownBy(lock::lock).isInstanceOf(OwnerDiedException.class);
        assertThatThrownBy(lock::tryLock).isInstanceOf(OwnerDiedException.class);
        assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(OwnerDiedException.class);
        assertThat(state()).isEqualTo(MutexSnapshot.State.OWNER_DIED);
        List<Death> repaired = new ArrayList<>();
        Lock repairing = mutex.asLock(repaired::add);
        repairing.lock();
        repairing.unlock();
        assertThat(repaired).hasSize(1);
        lock.lock();
        lock.unlock();
    }

    @Test
    void shouldTellEveryWaiterWhenAHolderGivesUpAndAcceptAReset() {
        killedWhileHolding();
        Hold told = mutex.lock();
        TestProcess two = peer();
        long addressInTwo = lastAddress;
        TestProcess one = peer();
        two.say("w1 lock");
        two.say("w2 interruptibly");
        one.say("w3 lock-repairing");
        two.awaitWaiters(addressInTwo, 2);
        one.awaitWaiters(lastAddress, 1);
        told.close();
        List<String> both = List.of(two.next(), two.next());
        assertThat(both).containsExactlyInAnyOrder("w1 lock NOT_RECOVERABLE", "w2 interruptibly NOT_RECOVERABLE");
        assertThat(one.next()).isEqualTo("w3 lock-repairing NOT_RECOVERABLE");
        assertThatThrownBy(mutex::lock)
                .isInstanceOf(NotRecoverableException.class)
                .hasMessageContaining("repair the data under RobustMutex.reset()");
        assertThat(state()).isEqualTo(MutexSnapshot.State.NOT_RECOVERABLE);
        reset(one);
    }

    private void reset(TestProcess operator) {
        assertThat(ask(operator, "op reset")).isEqualTo("died");
        operator.kill();
        TestProcess second = peer();
        assertThat(ask(second, "op lock"))
                .as("a reset is a recovery: who dies in it is told of")
                .startsWith("died");
        assertThat(ask(second, "op consistent")).isEqualTo("ok");
        assertThat(ask(second, "op unlock")).isEqualTo("ok");
        try (Hold hold = mutex.lock()) {
            assertThat(hold.predecessorDied()).isFalse();
        }
        assertThatThrownBy(mutex::reset)
                .isInstanceOfSatisfying(
                        LockException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.NOTHING_TO_RESET));
        MutexSnapshot now = name.seenMutex(0);
        assertThat(now.state()).isEqualTo(MutexSnapshot.State.FREE);
    }

    @Test
    void shouldCountUsersRightAfterGivingUpAndReset() throws InterruptedException {
        killedWhileHolding();
        mutex.lock().close();
        int users = name.seenMutex(0).users();
        try (Hold hold = mutex.reset()) {
            hold.markConsistent();
        }
        assertThat(name.seenMutex(0).users()).isEqualTo(users).isZero();
    }

    @Test
    void shouldGiveUpWhenARepairSaysSo() {
        killedWhileHolding();
        RobustMutex givingUp = region.mutex("m", _ -> {
            throw new GiveUpException("the file is gone");
        });
        assertThatThrownBy(givingUp::lock)
                .isInstanceOf(NotRecoverableException.class)
                .hasMessageContaining("the file is gone");
        assertThat(state()).isEqualTo(MutexSnapshot.State.NOT_RECOVERABLE);
        assertThatThrownBy(mutex::tryLock).isInstanceOf(NotRecoverableException.class);
    }

    @Test
    void shouldTellAResetterThatThereIsNothingToReset() {
        killedWhileHolding();
        assertThatThrownBy(mutex::reset).isInstanceOf(LockException.class);
        try (Hold hold = mutex.lock()) {
            assertThat(hold.predecessorDied()).as("the death was not lost").isTrue();
            hold.markConsistent();
        }
    }

    @Test
    void shouldNotDisturbWhenAWaiterIsKilled() {
        Hold hold = mutex.lock();
        TestProcess killed = peer();
        long there = lastAddress;
        TestProcess stays = peer();
        killed.say("w lock");
        killed.awaitWaiters(there, 1);
        stays.say("w lock");
        stays.awaitWaiters(lastAddress, 1);
        killed.kill();
        hold.close();
        assertThat(stays.expect("w lock")).isEqualTo("w lock clean");
    }

    /**
     * Around the moment when a Java waiter's time is over, the mutex is released, which wakes that waiter, and taken at once by a third
     * party. The C waiter behind it sleeps without limit, and nothing in the word says so any more, unless the leaving one does.
     */
    @Test
    void shouldPassTheWakeUpOnWhenAWokenWaiterLeaves() throws InterruptedException {
        long offset = Region.inspect(name.name()).objects().get(0).offset();
        int barged = 0;
        int left = 0;
        try (TestProcess c = TestProcess.c("waiter", name.path(), Long.toString(offset));
                LeavingWaiter leaving = new LeavingWaiter(mutex)) {
            long there = Long.parseLong(c.expect("mutex at ").substring("mutex at ".length()), 16);
            for (int round = 0; round < 150; round++) {
                Hold hold = Objects.requireNonNull(mutex.tryLock());
                long deadline = leaving.waitFor(Duration.ofMillis(15));
                c.say("lock");
                c.awaitWaiters(there, 1);
                while (System.nanoTime() - deadline < (round % 50 - 40) * 5_000L) {
                    Thread.onSpinWait();
                }
                hold.close();
                Hold third = mutex.tryLock();
                left += leaving.hasLeft() ? 1 : 0;
                if (third != null) {
                    barged++;
                    third.close();
                }
                assertThat(c.expect("l ")).isEqualTo("l clean");
                c.say("unlock");
                assertThat(c.expect("u ")).isEqualTo("u clean");
            }
        }
        System.out.println(
                "leaving waiters: rounds 150, taken by a third party " + barged + ", left without it " + left);
    }

    /** A thread that waits for a while, again and again. */
    private static final class LeavingWaiter implements AutoCloseable {
        private final SynchronousQueue<Duration> waits = new SynchronousQueue<>();
        private final SynchronousQueue<Boolean> ends = new SynchronousQueue<>();
        private final Thread thread;

        LeavingWaiter(RobustMutex mutex) {
            thread = new Thread(() -> {
                try {
                    for (; ; ) {
                        Hold hold = mutex.tryLock(waits.take());
                        if (hold != null) {
                            hold.close();
                        }
                        ends.put(hold == null);
                    }
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
        }

        /** When its time will be over, about. */
        long waitFor(Duration duration) throws InterruptedException {
            waits.put(duration);
            return System.nanoTime() + duration.toNanos();
        }

        boolean hasLeft() throws InterruptedException {
            return ends.take();
        }

        @Override
        public void close() throws InterruptedException {
            thread.interrupt();
            thread.join();
        }
    }
}
