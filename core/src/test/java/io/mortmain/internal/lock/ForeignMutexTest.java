package io.mortmain.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.OwnThread;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** D16: C code on the same thread takes and releases robust mutexes between ours, or unmaps one that it holds. */
class ForeignMutexTest {
    private static final int MUTEXES = 4;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 0);
    private final RobustMutex[] java = {region.mutex("a"), region.mutex("b")};
    private final long[] c = new long[2];
    private final Hold[] holds = new Hold[2];
    /** What must be on the list, the last locked first. */
    private final Deque<Long> held = new ArrayDeque<>();

    @AfterEach
    void remove() {
        region.close();
        name.close();
    }

    private void make(boolean inheriting) {
        c[0] = CMutexes.create();
        c[1] = inheriting ? CMutexes.createInheriting() : CMutexes.create();
    }

    private long address(int index) {
        return index < 2 ? java[index].pthreadMutex().address() : c[index - 2];
    }

    /** Locks what is free and unlocks what is held. */
    private void toggle(int index) {
        long address = address(index);
        if (held.remove(address)) {
            if (index < 2) {
                holds[index].close();
            } else {
                CMutexes.unlock(address);
            }
        } else {
            if (index < 2) {
                holds[index] = java[index].lock();
            } else {
                CMutexes.lock(address);
            }
            held.push(address);
        }
    }

    /** What pthread_cond_wait does with a mutex of ours: the node is first in the list then, whatever was locked after it. */
    private void waitForCondition(int index) {
        long address = address(index);
        if (held.remove(address)) {
            CMutexes.unlock(address);
            CMutexes.lock(address);
            held.push(address);
        }
    }

    private static int digit(int sequence, int position) {
        return sequence >> (2 * position) & (MUTEXES - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheListExactInEveryOrderOfLocksAndUnlocks(boolean inheriting) throws InterruptedException {
        make(inheriting);
        OwnThread.run(() -> {
            for (int sequence = 0; sequence < 1 << 14; sequence++) {
                List<Integer> steps = new ArrayList<>();
                for (int position = 0; position < 7; position++) {
                    steps.add(digit(sequence, position));
                    toggle(digit(sequence, position));
                    check(steps);
                }
                for (int index = 0; index < MUTEXES; index++) {
                    if (held.contains(address(index))) {
                        steps.add(index);
                        toggle(index);
                        check(steps);
                    }
                }
            }
        });
    }

    /** Steps 4 and 5 are waits of C code for a condition with one of our mutexes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepTheListExactWhenCWaitsForConditionsWithOurMutexes(boolean inheriting) throws InterruptedException {
        make(inheriting);
        int kinds = MUTEXES + 2;
        OwnThread.run(() -> {
            for (int sequence = 0; sequence < kinds * kinds * kinds * kinds * kinds * kinds; sequence++) {
                List<Integer> steps = new ArrayList<>();
                for (int rest = sequence; rest > 0; rest /= kinds) {
                    steps.add(rest % kinds);
                    if (rest % kinds < MUTEXES) {
                        toggle(rest % kinds);
                    } else {
                        waitForCondition(rest % kinds - MUTEXES);
                    }
                    check(steps);
                }
                for (int index = 0; index < MUTEXES; index++) {
                    if (held.contains(address(index))) {
                        steps.add(index);
                        toggle(index);
                        check(steps);
                    }
                }
            }
        });
    }

    private void check(List<Integer> steps) {
        try {
            assertThat(RobustList.listed()).as("list after " + steps).isEqualTo(new ArrayList<>(held));
            LockThread.current().checkInvariants();
        } catch (AssertionError broken) {
            throw new AssertionError("after " + steps, broken);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellOfEveryHeldMutexWhenTheThreadDies(boolean inheriting) throws InterruptedException {
        make(inheriting);
        for (int sequence = 0; sequence < 1 << 8; sequence++) {
            int steps = sequence;
            held.clear();
            OwnThread.run(() -> {
                for (int position = 0; position < 4; position++) {
                    toggle(digit(steps, position));
                }
            });
            for (int index = 0; index < MUTEXES; index++) {
                if (held.contains(address(index))) {
                    RobustList.awaitMark(address(index));
                    recover(index);
                }
                assertThat(RobustList.word(address(index)))
                        .as("sequence " + sequence)
                        .isZero();
            }
        }
    }

    private void recover(int index) {
        if (index < 2) {
            try (Hold hold = java[index].lock()) {
                assertThat(hold.predecessorDied()).isTrue();
                hold.markConsistent();
            }
        } else {
            assertThat(CMutexes.tryLock(c[index - 2])).isEqualTo(CMutexes.EOWNERDEAD);
            CMutexes.markConsistent(c[index - 2]);
            CMutexes.unlock(c[index - 2]);
        }
    }

    /**
     * Every order of locking a C mutex between ours, unmapping it, and what Java does afterwards; but that it dies at once, or releases
     * only below: then the kernel's walk ends at the unmapped one, and what is older is lost (row A10).
     */
    @Test
    void shouldStayRightWhenCUnmapsWhatItHolds() throws InterruptedException {
        for (int place = 0; place < 3; place++) {
            for (int order = 0; order < 4; order++) {
                if (place == 2 && order == 2) {
                    continue;
                }
                int at = place;
                int then = order;
                OwnThread.run(() -> unmapped(at, then));
                for (RobustMutex mutex : java) {
                    assertFreeOrTold(mutex, "place " + place + ", order " + order);
                }
            }
        }
    }

    private void unmapped(int place, int order) {
        long page = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
        CMutexes.initialise(page, false);
        for (int i = 0; i < 3; i++) {
            if (i == place) {
                CMutexes.lock(page);
            }
            if (i < 2) {
                holds[i] = java[i].lock();
            }
        }
        AddressSpace.unmap(page, AddressSpace.PAGE_SIZE);
        if (order == 0 || order == 2) {
            holds[0].close();
        }
        if (order < 2) {
            holds[1].close();
        }
        if (order == 1) {
            holds[0].close();
        }
        if (order == 3) {
            holds[1].close();
            java[1].lock().close();
            holds[0].close();
            holds[0] = java[0].lock();
        }
        LockThread.current().checkInvariants();
    }

    private static void assertFreeOrTold(RobustMutex mutex, String when) {
        long address = mutex.pthreadMutex().address();
        if (RobustList.word(address) != 0) {
            RobustList.awaitMark(address);
        }
        try (Hold hold = mutex.tryLock()) {
            assertThat(hold).as(when).isNotNull();
            if (hold.predecessorDied()) {
                hold.markConsistent();
            }
        }
    }

    @Test
    void shouldReleaseInAnyOrderWhenManyAreHeld() throws InterruptedException {
        int many = 40;
        List<RobustMutex> mutexes = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            mutexes.add(region.mutex("many " + i));
        }
        OwnThread.run(() -> {
            for (int stride : new int[] {1, 3, 7, 39}) {
                List<Hold> all = new ArrayList<>();
                Deque<Long> expected = new ArrayDeque<>();
                for (RobustMutex mutex : mutexes) {
                    all.add(mutex.lock());
                    expected.push(mutex.pthreadMutex().address());
                }
                for (int i = 0; i < many; i++) {
                    int index = i * stride % many;
                    all.get(index).close();
                    expected.remove(mutexes.get(index).pthreadMutex().address());
                    assertThat(RobustList.listed()).isEqualTo(new ArrayList<>(expected));
                    LockThread.current().checkInvariants();
                }
            }
        });
    }

    /** C code of the process takes our mutex itself and Java releases it, and the other way round. */
    @Test
    void shouldReleaseWhatCodeInCAcquiredOnTheSameThread() throws InterruptedException {
        OwnThread.run(() -> {
            Hold older = java[1].lock();
            CMutexes.lock(address(0));
            java[0].asLock().unlock();
            assertThat(RobustList.listed()).containsExactly(address(1));
            Hold newer = java[0].lock();
            CMutexes.unlock(address(0));
            assertThat(RobustList.listed()).containsExactly(address(1));
            org.assertj.core.api.Assertions.assertThatThrownBy(newer::close).hasMessageContaining("does not hold");
            older.close();
            assertThat(RobustList.listed()).isEmpty();
            java[0].lock().close();
            assertThat(RobustList.listed()).isEmpty();
        });
    }
}
