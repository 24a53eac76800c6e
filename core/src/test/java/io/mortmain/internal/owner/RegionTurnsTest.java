package io.mortmain.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.RangeLock;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One marks a mutex at a time. The lock of another process is one through another open file description, which is what counts. */
class RegionTurnsTest {
    private static final int GUARD_SECONDS = 60;
    /** In which he would have been told several times over. */
    private static final int SEVERAL_SLICES_MILLIS = 300;

    private static int goneThread() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        return (int) ended.pid();
    }

    private static void store(RobustMutex mutex, int word) {
        MappedWords.INSTANCE.putIntRelease(mutex.pthreadMutex().address() + GlibcMutexLayout.LOCK, word);
    }

    private static long offset(TestRegion region) {
        return Region.inspect(region.name()).objects().getFirst().offset();
    }

    @Test
    void shouldNotMarkWhileAnotherProcessHasTheTurn() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0);
                OpenFile other = OpenFile.existing(name.path())) {
            RobustMutex mutex = region.mutex("first");
            store(mutex, goneThread());
            assertThat(new RangeLock(other).tryExclusively(offset(name), 1)).isTrue();
            assertThat(mutex.tryLock()).isNull();
            FutureTask<Boolean> waiter = new FutureTask<>(() -> isTold(mutex));
            Thread.ofPlatform().start(waiter);
            TimeUnit.MILLISECONDS.sleep(SEVERAL_SLICES_MILLIS);
            assertThat(waiter.isDone()).isFalse();
            new RangeLock(other).release(offset(name), 1);
            assertThat(waiter.get(GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shouldMarkOnceWhenManyWait() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("first");
            store(mutex, goneThread());
            List<FutureTask<Boolean>> waiters = Stream.generate(() -> new FutureTask<>(() -> isTold(mutex)))
                    .limit(4)
                    .toList();
            waiters.forEach(waiter -> Thread.ofPlatform().start(waiter));
            int told = 0;
            for (FutureTask<Boolean> waiter : waiters) {
                told += waiter.get(GUARD_SECONDS, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(told).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepTheWaitersAndRefuseWithoutProof() {
        long mutex = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
        Takeover takeover = new Takeover(MappedWords.INSTANCE, LinuxKernel.INSTANCE, RegionTurns.INSTANCE);
        int word = 4711 | GlibcMutexLayout.WAITERS;
        MappedWords.INSTANCE.putIntRelease(mutex, word);
        assertThat(takeover.mark(mutex, 4711, () -> false)).isFalse();
        assertThat(takeover.mark(mutex, 4712, () -> true)).isFalse();
        assertThat(MappedWords.INSTANCE.getIntVolatile(mutex)).isEqualTo(word);
        assertThat(takeover.mark(mutex, 4711, () -> true)).isTrue();
        assertThat(MappedWords.INSTANCE.getIntVolatile(mutex))
                .isEqualTo(GlibcMutexLayout.OWNER_DIED | GlibcMutexLayout.WAITERS);
        AddressSpace.unmap(mutex, AddressSpace.PAGE_SIZE);
    }

    private static boolean isTold(RobustMutex mutex) {
        try (Hold hold = mutex.lock()) {
            boolean told = hold.predecessorDied();
            if (told) {
                hold.markConsistent();
            }
            return told;
        }
    }
}
