package io.mortmain;

import static io.mortmain.VirtualThreads.awaitSleeper;
import static io.mortmain.VirtualThreads.end;
import static io.mortmain.VirtualThreads.platform;
import static io.mortmain.VirtualThreads.virtual;
import static io.mortmain.VirtualThreads.word;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.VirtualThreads.Actor;
import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hold that was taken to be handed over: whichever thread comes may close it. */
class HandOverTest {
    private final TestRegion name = new TestRegion();
    private final List<Actor> actors = new ArrayList<>();
    private Region region;
    private RobustMutex mutex;

    @BeforeEach
    void create() {
        region = Region.create(name.name(), 0);
        mutex = region.mutex("m");
        actors.addAll(List.of(platform("a platform thread"), virtual("a virtual thread"), virtual("one more")));
    }

    @AfterEach
    void remove() {
        actors.forEach(Actor::close);
        region.close();
        name.close();
    }

    private static boolean close(Hold hold) {
        hold.close();
        return true;
    }

    @Test
    void shouldBeClosedByAnyThreadWhoeverTookIt() throws Exception {
        for (Actor taker : actors) {
            for (Actor closer : actors) {
                Hold hold = taker.run(mutex::lockForHandOver);
                assertThat(mutex.tryLock()).isNull();
                assertThat(taker.<Object>run(() -> mutex.tryLockForHandOver(Duration.ZERO)))
                        .isNull();
                closer.run(() -> close(hold));
                assertThat(word(mutex)).isZero();
                try (Hold next = mutex.lock()) {
                    taker.run(() -> close(hold)); // a second time: no effect
                    assertThat(word(mutex)).isNotZero();
                    assertThat(next.predecessorDied()).isFalse();
                }
            }
        }
        Hold timed = Objects.requireNonNull(mutex.tryLockForHandOver(Duration.ofSeconds(1)));
        Executor virtually = Thread.ofVirtual()::start;
        end(CompletableFuture.supplyAsync(() -> timed).thenAcceptAsync(Hold::close, virtually));
        assertThat(word(mutex)).isZero();
    }

    @Test
    void shouldBeReleasedOnceWhenManyCloseAtOnce() {
        CyclicBarrier together = new CyclicBarrier(actors.size());
        for (int round = 0; round < 100; round++) {
            Hold hold = mutex.lockForHandOver();
            Hold[] next = new Hold[1];
            List<CompletableFuture<Boolean>> closing = new ArrayList<>();
            for (Actor closer : actors) {
                closing.add(closer.begin(() -> {
                    together.await();
                    return close(hold);
                }));
            }
            next[0] = mutex.lock();
            closing.forEach(VirtualThreads::end);
            assertThat(word(mutex)).as("nobody else's is released").isNotZero();
            next[0].close();
            assertThat(word(mutex)).isZero();
        }
    }

    @Test
    void shouldBeDeclaredConsistentByAnyThread() throws Exception {
        VirtualThreads.dieHolding(mutex);
        Hold hold = mutex.lockForHandOver();
        assertThat(hold.predecessorDied()).isTrue();
        actors.get(1).run(() -> {
            hold.markConsistent();
            return true;
        });
        assertThatThrownBy(() -> actors.get(0).run(() -> {
                    hold.markConsistent();
                    return true;
                }))
                .isInstanceOf(LockException.class);
        actors.get(0).run(() -> close(hold));
        assertThatThrownBy(hold::markConsistent).hasMessageContaining("was closed");
        try (Hold clean = mutex.lock()) {
            assertThat(clean.predecessorDied()).isFalse();
        }
    }

    @Test
    void shouldRepairInTheCallingThread() throws Exception {
        VirtualThreads.dieHolding(mutex);
        List<Thread> ran = new ArrayList<>();
        RobustMutex repairing = region.mutex("m", _ -> ran.add(Thread.currentThread()));
        Hold hold = repairing.lockForHandOver();
        assertThat(ran).containsExactly(Thread.currentThread());
        actors.get(0).run(() -> close(hold));
        mutex.lock().close();
    }

    @Test
    void shouldExcludeAlsoTheThreadThatTookIt() throws Exception {
        RobustMutex recursive = region.mutex("recursive", MutexKind.RECURSIVE, null);
        Hold hold = recursive.lockForHandOver();
        assertThat(recursive.tryLock(Duration.ofMillis(60))).isNull();
        assertThat(recursive.tryLockForHandOver(Duration.ofMillis(60))).isNull();
        assertThatThrownBy(recursive.asLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        hold.close();
    }

    @Test
    void shouldThrowAndHoldNothingWhenInterrupted() {
        Hold hold = mutex.lockForHandOver();
        for (Actor actor : actors) {
            CompletableFuture<Hold> waits =
                    actor.begin(() -> mutex.tryLockForHandOver(Duration.ofSeconds(TestProcess.GUARD_SECONDS)));
            awaitSleeper(mutex);
            actor.thread().interrupt();
            assertThatThrownBy(() -> end(waits)).isInstanceOf(InterruptedException.class);
        }
        hold.close();
        assertThat(word(mutex)).isZero();
    }

    @Test
    void shouldRefuseToCloseTheRegionAndNameWhoTookIt() {
        Hold hold = actors.get(1).run(mutex::lockForHandOver);
        RegionException refused = catchThrowableOfType(RegionException.class, region::close);
        assertThat(refused.reason()).isEqualTo(RegionException.Reason.IN_USE);
        assertThat(refused).hasMessageContaining("virtual thread \"a virtual thread\" (for hand-over)");
        hold.close();
    }
}
