package io.mortmain.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where nobody can watch the holder, for lack of threads or descriptors, who waits looks by himself. */
class UnwatchedWaitTest {
    private static final int KIND = GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED;
    private static final int DEAD = GlibcMutexLayout.TID_MASK;

    private static final Witness WITHOUT_MEANS = new Witness() {
        @Override
        public @Nullable Watch watch(long mutex, int threadId) {
            return null;
        }

        @Override
        public boolean isGone(int threadId) {
            return threadId == DEAD;
        }

        @Override
        public boolean holds(long mutex) {
            return false;
        }
    };

    @Test
    @Timeout(TestProcess.GUARD_SECONDS)
    void shouldTellWhoWaitsWithoutLimit() {
        long mutex = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
        MappedWords.INSTANCE.putIntRelease(mutex + GlibcMutexLayout.KIND, KIND);
        MappedWords.INSTANCE.putIntRelease(mutex + GlibcMutexLayout.LOCK, DEAD);
        SlowPaths paths = RobustProtocol.over(
                        MappedWords.INSTANCE, LinuxKernel.INSTANCE, WITHOUT_MEANS, MarkerTurn.UNDISPUTED)
                .slowPaths();
        LockThread me = LockThread.current();
        Gate gate = new Gate();
        assertThat(paths.lock(me, mutex, KIND, gate, SlowPaths.FOREVER, true)).isEqualTo(Outcome.ACQUIRED_AFTER_DEATH);
        assertThat(paths.giveUp(me, mutex, gate)).isEqualTo(Outcome.RELEASED);
        AddressSpace.unmap(mutex, AddressSpace.PAGE_SIZE);
    }
}
