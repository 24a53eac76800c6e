package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A waiter that slept and goes without the mutex leaves word and sleepers as others need them. */
class LeavingWaiterTest {
    private static final long MILLISECONDS_120 = 120_000_000;

    private final SimulatedWorld world = new SimulatedWorld(new HeapWords());
    private final long mutex = world.mutex(0);

    private Outcome wait(long nanos, boolean interruptible) {
        world.lock(world.other, mutex);
        return world.slowPaths.lock(world.me, mutex, SimulatedWorld.ERROR_CHECKING, world.gate, nanos, interruptible);
    }

    /** Released and at once taken by a third party, who knows of no sleeper. */
    private void barge() {
        world.words.poke(mutex + LOCK, SimulatedWorld.OTHERS);
    }

    @Test
    void shouldLeaveAWordThatSaysThatOthersMaySleepWhenItsTimeIsOver() {
        world.kernel.whileAsleep(this::barge);
        assertThat(wait(MILLISECONDS_120, false)).isEqualTo(Outcome.BUSY);
        assertThat(world.words.load(mutex + LOCK)).isEqualTo(SimulatedWorld.OTHERS | WAITERS);
    }

    @Test
    void shouldLeaveAWordThatSaysThatOthersMaySleepWhenInterrupted() {
        world.kernel.whileAsleep(() -> {
            barge();
            Thread.currentThread().interrupt();
        });
        try {
            assertThat(wait(SlowPaths.FOREVER, true)).isEqualTo(Outcome.INTERRUPTED);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(world.words.load(mutex + LOCK)).isEqualTo(SimulatedWorld.OTHERS | WAITERS);
    }

    @Test
    void shouldTakeAWordThatSaysThatOthersMaySleepWhenItSlept() {
        world.kernel.whileAsleep(() -> {
            world.words.poke(mutex + LOCK, 0);
            world.forget(world.other);
        });
        assertThat(wait(SlowPaths.FOREVER, false)).isEqualTo(Outcome.ACQUIRED);
        assertThat(world.words.load(mutex + LOCK)).isEqualTo(SimulatedWorld.MINE | WAITERS);
        world.unlock(world.me, mutex);
        assertThat(world.kernel.wakes(mutex + LOCK)).isPositive();
    }

    @Test
    void shouldWakeTheOthersWhenItFindsTheMutexNotRecoverable() {
        world.kernel.whileAsleep(() -> {
            world.words.poke(mutex + OWNER, OWNER_NOT_RECOVERABLE);
            world.words.poke(mutex + LOCK, 0);
        });
        assertThat(wait(SlowPaths.FOREVER, false)).isEqualTo(Outcome.NOT_RECOVERABLE);
        assertThat(world.kernel.wakes(mutex + LOCK)).isPositive();
        assertThat(world.listed(world.me)).isEmpty();
    }

    @Test
    void shouldNotSleepLongerThanASliceInOneCall() {
        long start = world.kernel.nanoTime();
        int[] sleeps = new int[1];
        world.kernel.whileAsleep(() -> sleeps[0]++);
        assertThat(wait(4 * Waiting.SLICE_NANOS, false)).isEqualTo(Outcome.BUSY);
        assertThat(sleeps[0]).isEqualTo(5); // the first is short: the holder is watched only after it
        assertThat(world.kernel.nanoTime() - start).isEqualTo(4 * Waiting.SLICE_NANOS);
        world.me.checkInvariants();
    }
}
