package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.AllocatedBytes;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** Lock and unlock allocate nothing once they are compiled. */
class MutexAllocationTest {
    private static final int MOST_JVMS = 3;
    private static final String NOTHING = "bytes allocated: holds 0 locks 0 ";
    private static final int OPERATIONS = 1_000_000;
    /** Until the compilers are done, which on a busy machine takes long; what allocates when compiled does so in all. */
    private static final int MOST_ROUNDS = 100;

    private static long sum;

    /** A JVM with its default compilers. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        AllocatedBytes counter = new AllocatedBytes();
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("m");
            Lock lock = region.mutex("l").asLock();
            for (int i = 0; i < OPERATIONS / 100; i++) {
                sum += counter.now() & 1;
            }
            long ofHolds = 1;
            long ofLocks = 1;
            for (int round = 0; (ofHolds != 0 || ofLocks != 0) && round < MOST_ROUNDS; round++) {
                long before = counter.now();
                long cost = counter.now() - before;
                before = counter.now();
                holds(mutex);
                ofHolds = counter.now() - before - cost;
                before = counter.now();
                locks(lock);
                ofLocks = counter.now() - before - cost;
            }
            System.out.println("bytes allocated: holds " + ofHolds + " locks " + ofLocks + " sum " + sum);
        }
    }

    private static void holds(RobustMutex mutex) {
        for (int i = 0; i < OPERATIONS; i++) {
            try (Hold hold = mutex.lock()) {
                sum += hold.predecessorDied() ? 1 : 2;
            }
        }
    }

    private static void locks(Lock lock) {
        for (int i = 0; i < OPERATIONS; i++) {
            lock.lock();
            try {
                sum++;
            } finally {
                lock.unlock();
            }
        }
    }

    /** The JIT decides anew in each JVM what it copies into what; beside other work it now and then leaves a hold on the heap. */
    @Test
    void shouldAllocateNothingWhenCompiled() {
        String said = "";
        for (int jvm = 0; jvm < MOST_JVMS && !said.startsWith(NOTHING); jvm++) {
            try (TestProcess compiled =
                    TestProcess.java(List.of("-XX:TieredStopAtLevel=4"), MutexAllocationTest.class)) {
                said = compiled.expect("bytes allocated: ");
                System.out.println(said);
            }
        }
        assertThat(said).startsWith(NOTHING);
    }
}
