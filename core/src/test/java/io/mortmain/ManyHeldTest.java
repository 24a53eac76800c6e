package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A11, Java's side: no thread holds more mutexes than the kernel tells of, those of C code included. */
class ManyHeldTest {
    private static final int LIMIT = RobustListLayout.LIMIT;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500})
    void shouldRefuseOneMoreThanTheKernelTellsOf(int ofC) throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0, RegionOptions.DEFAULT.withMaxObjects(LIMIT + 2))) {
            List<RobustMutex> mutexes = new ArrayList<>();
            for (int i = 0; i <= LIMIT - ofC; i++) {
                mutexes.add(region.mutex("m" + i));
            }
            List<Long> c = new ArrayList<>();
            for (int i = 0; i < ofC; i++) {
                c.add(CMutexes.create());
            }
            Thread holder = new Thread(() -> holdAll(region, mutexes, c));
            Throwable[] failure = new Throwable[1];
            holder.setUncaughtExceptionHandler((_, thrown) -> failure[0] = thrown);
            holder.start();
            holder.join();
            assertThat(failure[0]).isNull();
            for (RobustMutex mutex : mutexes.subList(0, LIMIT - ofC)) {
                RobustList.awaitMark(mutex.pthreadMutex().address());
                try (Hold hold = mutex.lock()) {
                    assertThat(hold.predecessorDied()).isTrue();
                    hold.markConsistent();
                }
            }
            c.forEach(RobustList::awaitMark);
            assertThat(mutexes.getLast().tryLock()).isNotNull().satisfies(Hold::close);
        }
    }

    /** C's mutexes are spread among ours. */
    private static void holdAll(Region region, List<RobustMutex> mutexes, List<Long> c) {
        Hold last = null;
        for (int i = 0; i < mutexes.size() - 1; i++) {
            if (i < c.size()) {
                CMutexes.lock(c.get(i));
            }
            last = mutexes.get(i).lock();
        }
        RobustMutex tooMany = mutexes.getLast();
        assertRefused(tooMany);
        assertThatThrownBy(() -> region.counter("new"))
                .isInstanceOf(RegionException.class)
                .hasMessageEndingWith(
                        "cannot be changed: this thread holds 2048 robust mutexes, those of C code included;"
                                + " hold fewer at once");
        last.close();
        last = tooMany.lock();
        last.close();
        last = mutexes.get(mutexes.size() - 2).lock();
        assertRefused(tooMany);
        assertThat(last.predecessorDied()).isFalse();
    }

    private static void assertRefused(RobustMutex tooMany) {
        assertThatThrownBy(tooMany::lock)
                .isInstanceOfSatisfying(
                        LockException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.TOO_MANY_HELD))
                .hasMessageContaining("holds 2048 robust mutexes");
    }

    @Test
    void shouldEnterARecursiveMutexAgainWhenTheListIsFull() throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0, RegionOptions.DEFAULT.withMaxObjects(LIMIT + 2))) {
            List<RobustMutex> mutexes = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                mutexes.add(region.mutex("m" + i, MutexKind.RECURSIVE, null));
            }
            List<Hold> holds = new ArrayList<>();
            mutexes.forEach(mutex -> holds.add(mutex.lock()));
            mutexes.getFirst().lock().close();
            holds.forEach(Hold::close);
            assertThat(RobustList.listed()).isEmpty();
        }
    }
}
