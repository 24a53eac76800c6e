package io.mortmain.stress.linear;

import static io.mortmain.stress.linear.Explored.found;
import static io.mortmain.stress.linear.Explored.inTheModel;
import static io.mortmain.stress.linear.Explored.underStress;
import static org.assertj.core.api.Assertions.assertThat;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** The shipped protocol, over memory on the heap, is a mutex: what it guards is linearizable, and so are its own operations. */
class HeapMutexStress {
    /** A plain counter that the mutex guards. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Counter {
        private final HeapMutex mutex;
        private int count;

        public Counter() {
            this(new HeapMutex(new HeapMemory()));
        }

        Counter(HeapMutex mutex) {
            this.mutex = mutex;
        }

        @Operation
        public int increment(@Param(name = "thread") int thread) {
            mutex.lock(thread);
            int before = count;
            count = before + 1;
            mutex.unlock(thread);
            return before;
        }
    }

    /** The mutex itself, without waiting. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public static class Tries {
        private final HeapMutex mutex;

        public Tries() {
            this(new HeapMutex(new HeapMemory()));
        }

        Tries(HeapMutex mutex) {
            this.mutex = mutex;
        }

        @Operation
        public boolean tryLock(@Param(name = "thread") int thread) {
            return mutex.tryLock(thread);
        }

        @Operation
        public boolean unlock(@Param(name = "thread") int thread) {
            return mutex.unlock(thread);
        }
    }

    /** What {@link Tries} must look like. */
    public static class TriesInTurn {
        private int holder = -1;

        public boolean tryLock(int thread) {
            boolean taken = holder < 0;
            holder = taken ? thread : holder;
            return taken;
        }

        public boolean unlock(int thread) {
            boolean released = holder == thread;
            holder = released ? -1 : holder;
            return released;
        }
    }

    /** Planted: the word is looked at, and then stored to. */
    private static final class LookAndStore extends HeapMemory {
        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            boolean asExpected = getIntVolatile(address) == expected;
            if (asExpected) {
                super.compareAndSetInt(address, getIntVolatile(address), value);
            }
            return asExpected;
        }
    }

    /** Planted: the release does not wake. */
    private static final class NoWake extends HeapKernel {
        NoWake(HeapMemory words) {
            super(words);
        }

        @Override
        public void wake(long address, int count) {}
    }

    public static class CounterOverLookAndStore extends Counter {
        public CounterOverLookAndStore() {
            super(new HeapMutex(new LookAndStore()));
        }
    }

    public static class TriesOverLookAndStore extends Tries {
        public TriesOverLookAndStore() {
            super(new HeapMutex(new LookAndStore()));
        }
    }

    public static class CounterWithoutWake extends Counter {
        public CounterWithoutWake() {
            this(new HeapMemory());
        }

        private CounterWithoutWake(HeapMemory memory) {
            super(new HeapMutex(memory, new NoWake(memory)));
        }
    }

    @Test
    void shouldGuardACounter() {
        inTheModel().threads(2).actorsPerThread(2).check(Counter.class);
        inTheModel().threads(3).actorsPerThread(1).check(Counter.class);
        underStress().threads(3).actorsPerThread(3).check(Counter.class);
    }

    @Test
    void shouldBeAMutex() {
        inTheModel()
                .threads(2)
                .actorsPerThread(3)
                .sequentialSpecification(TriesInTurn.class)
                .check(Tries.class);
        underStress()
                .threads(3)
                .actorsPerThread(3)
                .sequentialSpecification(TriesInTurn.class)
                .check(Tries.class);
    }

    @Test
    void shouldFindAWordThatIsLookedAtAndThenStoredTo() {
        found(inTheModel().threads(2).actorsPerThread(2), CounterOverLookAndStore.class);
        found(
                inTheModel().threads(2).actorsPerThread(2).sequentialSpecification(TriesInTurn.class),
                TriesOverLookAndStore.class);
    }

    @Test
    void shouldFindAWakeUpThatIsForgotten() {
        assertThat(found(inTheModel().threads(2).actorsPerThread(1), CounterWithoutWake.class))
                .contains("All unfinished threads are in deadlock");
    }
}
