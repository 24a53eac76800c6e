package io.mortmain.internal.owner;

import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.internal.linux.Futex;
import io.mortmain.internal.linux.ThreadStatus;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.Arena;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sleeps before the mutex that its pending word leads to, as /proc shows it: who waits for it, and nobody else. */
class LinuxHolderViewTest {
    private static boolean sleepsBeforeIt(ListOwner owner) {
        return new LinuxHolderView(0, owner.threadId()).sleepsBeforePendingMutex();
    }

    /** By Mortmain in slices, by pthread_mutex_lock, and by pthread_mutex_timedlock, which makes another call. */
    @ParameterizedTest
    @ValueSource(strings = {"mortmain", "lock", "timedlock"})
    void shouldSeeWhoWaitsForIt(String how) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("waited for", MutexKind.NORMAL, null);
            Hold hold = mutex.lock();
            try (ListOwner waiter = new ListOwner(_ -> lockAndUnlock(mutex, how))) {
                try (hold) {
                    waiter.awaitThat(() -> sleepsBeforeIt(waiter), "sleeps before the mutex");
                }
            }
        }
    }

    private static void lockAndUnlock(RobustMutex mutex, String how) {
        long address = mutex.pthreadMutex().address();
        if (how.equals("mortmain")) {
            mutex.lock().close();
            return;
        }
        if (how.equals("lock")) {
            CMutexes.lock(address);
        } else {
            CMutexes.lockWithin(address, 2 * TestProcess.GUARD_SECONDS);
        }
        CMutexes.unlock(address);
    }

    /** The kernel may have given it the mutex already. */
    @Test
    void shouldNotSeeWhoWaitsForAMutexWithPriorityInheritance() {
        long mutex = CMutexes.createInheriting();
        CMutexes.lock(mutex);
        try (ListOwner waiter = new ListOwner(_ -> {
            CMutexes.lock(mutex);
            CMutexes.unlock(mutex);
        })) {
            waiter.awaitThat(
                    () -> (RobustList.word(mutex) & WAITERS) != 0 && ThreadStatus.wasOffProcessor(waiter.threadId()),
                    "sleeps before the mutex");
            assertThat(sleepsBeforeIt(waiter)).isFalse();
            CMutexes.unlock(mutex);
        }
    }

    @Test
    void shouldNotSeeWhoSleepsForAnotherWord() {
        assertThat(isSeenSleepingFor(0)).as("as a waiter does").isTrue();
        assertThat(isSeenSleepingFor(Integer.BYTES))
                .as("for the word beside it")
                .isFalse();
    }

    /** @param offset from the word of the pending mutex to the word for which it sleeps */
    private static boolean isSeenSleepingFor(int offset) {
        try (Arena arena = Arena.ofShared()) {
            long mutex = arena.allocate(2L * Integer.BYTES, Long.BYTES).address();
            long word = mutex + offset;
            try (ListOwner owner = ListOwner.withPending(mutex + NODE, _ -> Futex.await(word, 0, 0))) {
                owner.awaitThat(
                        () -> ThreadStatus.futexAwaited(owner.threadId()).equals(OptionalLong.of(word)), "sleeps");
                boolean seen = sleepsBeforeIt(owner);
                MappedWords.INSTANCE.putIntRelease(word, 1);
                Futex.wake(word, 1);
                return seen;
            }
        }
    }

    @Test
    void shouldNotSeeWhoHasNothingPending() {
        try (ListOwner owner = new ListOwner(Runnable::run)) {
            owner.awaitRest();
            assertThat(sleepsBeforeIt(owner)).isFalse();
        }
    }
}
