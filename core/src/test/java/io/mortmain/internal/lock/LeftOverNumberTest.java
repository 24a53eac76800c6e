package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A reset of a mutex in whose word a thread that is gone has its number. */
class LeftOverNumberTest {
    private static final int GONE = 4711;

    /** For the wait, where the number turns out to be that of a holder. */
    private static final Witness SEES_WHO_IS_GONE = new Witness() {
        @Override
        public @Nullable Watch watch(long mutex, int threadId) {
            return null;
        }

        @Override
        public boolean isGone(int threadId) {
            return threadId == GONE;
        }

        @Override
        public boolean holds(long mutex) {
            return true;
        }
    };

    private final HeapWords words = new HeapWords();
    private long mutex;

    @Test
    void shouldTakeWhatGlibcsTrylockLeftOver() {
        SimulatedWorld world = world(OWNER_NOT_RECOVERABLE);
        assertThat(reset(world)).isEqualTo(Outcome.ACQUIRED_AFTER_DEATH);
        assertThat(words.load(world.mutex(0) + LOCK)).isEqualTo(SimulatedWorld.MINE);
    }

    /** C code gets a mutex that is not recoverable where the last to release it died doing so; and then it may die too, unseen. */
    @Test
    void shouldHandOnTheDeathOfOneThatGotTheMutexWhileTheResetLooked() {
        SimulatedWorld world = world(OWNER_INCONSISTENT);
        assertThat(reset(world)).isEqualTo(Outcome.NOTHING_TO_RESET);
        assertThat(words.load(world.mutex(0) + LOCK)).isEqualTo(OWNER_DIED);
    }

    private static Outcome reset(SimulatedWorld world) {
        return world.slowPaths.lockForReset(world.me, world.mutex(0), SimulatedWorld.ERROR_CHECKING, world.gate);
    }

    /** @param ownerThen what the owner field says once it was asked whether the thread is gone */
    private SimulatedWorld world(int ownerThen) {
        SimulatedKernel kernel = new SimulatedKernel(words) {
            @Override
            public boolean threadExists(int threadId) {
                words.poke(mutex + OWNER, ownerThen);
                return threadId != GONE;
            }
        };
        SimulatedWorld world = new SimulatedWorld(words, kernel, SEES_WHO_IS_GONE, MarkerTurn.UNDISPUTED);
        mutex = world.mutex(0);
        words.poke(mutex + LOCK, GONE);
        words.poke(mutex + OWNER, OWNER_NOT_RECOVERABLE);
        return world;
    }
}
