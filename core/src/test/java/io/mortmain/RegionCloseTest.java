package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.NativeThread;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Rows D3 and D9: closing what is in use, what is stale after a close, and a file opened twice. */
class RegionCloseTest {
    @Test
    void shouldRefuseToCloseAndNameMutexAndThreadWhenAThreadHolds() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 12)) {
            RobustMutex mutex = region.mutex("book");
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch enough = new CountDownLatch(1);
            Thread holder = Thread.ofPlatform().name("the holder").start(() -> {
                try (Hold hold = mutex.lock()) {
                    held.countDown();
                    enough.await();
                } catch (InterruptedException never) {
                    throw new AssertionError(never);
                }
            });
            held.await();
            assertRefused(region, "\"the holder\"", "holds mutex book");
            try (Region other = Region.open(name.name())) {
                assertThat(other.mutex("book").tryLock())
                        .as("still held after the refusal")
                        .isNull();
                enough.countDown();
                holder.join();
            }
            mutex.lock().close();
        }
    }

    @Test
    void shouldRefuseToCloseAndNameMutexAndThreadWhenAThreadWaits() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 12);
                Region other = Region.open(name.name())) {
            Hold hold = other.mutex("book").lock();
            RobustMutex mutex = region.mutex("book");
            Thread waiter = Thread.ofPlatform()
                    .name("the waiter")
                    .start(() -> mutex.lock().close());
            String refusal;
            do { // until the waiter is seen; before, the refusal names the holder
                refusal = refusal(region);
                Thread.onSpinWait();
            } while (!refusal.contains("waits"));
            assertThat(refusal).contains("\"the waiter\"", "waits for or releases mutex book");
            hold.close();
            waiter.join();
        }
    }

    @Test
    void shouldRefuseToCloseWhenCCodeOfAThreadOfThisProcessHolds() throws Exception {
        CProgram.compileLibrary("native_holder");
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 12)) {
            RobustMutex mutex = region.mutex("book");
            NativeThread holder = NativeThread.locking(mutex.pthreadMutex());
            assertRefused(region, "a native thread (TID " + holder.threadId() + ")", "holds mutex book");
            holder.unlockAndEnd();
            mutex.lock().close();
        }
    }

    @Test
    void shouldCloseWhenOnlyAnotherProcessHolds() {
        try (TestRegion name = new TestRegion()) {
            Region region = Region.create(name.name(), 1 << 12);
            region.mutex("book");
            try (var other = io.mortmain.testing.TestProcess.peer(HoldingProcess.class, name.name())) {
                other.expect("holds");
                region.close();
                assertThat(name.seenMutex(0).state()).isEqualTo(MutexSnapshot.State.HELD);
            }
        }
    }

    static final class HoldingProcess {
        public static void main(String[] arguments) throws Exception {
            Region region = Region.open(arguments[0]);
            Hold hold = region.mutex("book").lock();
            System.out.println("holds " + hold.mutex());
            System.in.read();
        }
    }

    @Test
    void shouldRefuseWhatIsStaleWhenTheHandleIsClosed() {
        try (TestRegion name = new TestRegion()) {
            Region region = Region.create(name.name(), 1 << 12);
            RobustMutex mutex = region.mutex("book");
            mutex.lock().close();
            MemorySegment memory = region.memory("page", 64);
            region.close();
            region.close();
            assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
            assertClosed(mutex);
            RegionException refused = catchThrowableOfType(RegionException.class, () -> region.mutex("book"));
            assertThat(refused.reason()).isEqualTo(Reason.CLOSED);
            assertThat(refused).hasMessageContaining("open the region again");
            assertThatThrownBy(() -> region.memory("page", 64)).isInstanceOf(RegionException.class);
        }
    }

    @Test
    void shouldNotTouchTheRegionThatHasTheAddressesOfAClosedOne() {
        try (TestRegion first = new TestRegion();
                TestRegion second = new TestRegion()) {
            Region closed = Region.create(first.name(), 1 << 12);
            RobustMutex stale = closed.mutex("book");
            closed.close();
            try (Region region = createAt(stale.pthreadMutex(), second.name())) {
                RobustMutex mutex = region.mutex("book");
                assertClosed(stale);
                MutexSnapshot.State state = second.seenMutex(0).state();
                assertThat(state).isEqualTo(MutexSnapshot.State.FREE);
                try (Hold hold = mutex.lock()) {
                    assertClosed(stale);
                    assertThat(hold.predecessorDied()).isFalse();
                    assertThat(second.seenMutex(0).state()).isEqualTo(MutexSnapshot.State.HELD);
                }
            }
        }
    }

    /** Opened again until its mutex has the address: the range unused for longest is used next. */
    private static Region createAt(MemorySegment address, String name) {
        Region region = Region.create(name, 1 << 12);
        for (int others = 0; !region.mutex("book").pthreadMutex().equals(address); others++) {
            assertThat(others).as("ranges used before this one is again").isLessThan(1_000);
            region.close();
            region = Region.open(name);
        }
        return region;
    }

    @Test
    void shouldMapOnceWhenAFileIsOpenedTwice() throws Exception {
        try (TestRegion name = new TestRegion();
                Region first = Region.create(name.name(), 1 << 12)) {
            MemorySegment memory = first.memory("page", 64);
            Region second = Region.open("/dev/shm/../shm/" + name.name());
            assertThat(second.mutex("book").pthreadMutex())
                    .isEqualTo(first.mutex("book").pthreadMutex());
            assertThat(second.memory("page", 64).address()).isEqualTo(memory.address());
            assertThat(linesOfMaps(name.path())).isEqualTo(3);
            RobustMutex stale = second.mutex("book");
            second.close();
            assertThat(linesOfMaps(name.path())).isEqualTo(3);
            assertClosed(stale);
            memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            first.mutex("book").lock().close();
        }
    }

    @Test
    void shouldRefuseToCloseWhileAThreadReadsTheMemory() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 12)) {
            Thread sleeper = NativeThread.insideACallWith(region.memory("page", 64));
            assertRefused(region, "reads or writes its memory", "try again");
            NativeThread.endCalls();
            sleeper.join();
        }
    }

    /** By inode: a file that was born without a name keeps none in this listing. */
    private static long linesOfMaps(String path) throws Exception {
        String inode = " " + java.nio.file.Files.getAttribute(java.nio.file.Path.of(path), "unix:ino") + " ";
        try (var lines = java.nio.file.Files.lines(java.nio.file.Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(inode)).count();
        }
    }

    private static void assertClosed(RobustMutex mutex) {
        LockException refused = catchThrowableOfType(LockException.class, mutex::lock);
        assertThat(refused.reason()).isEqualTo(LockException.Reason.CLOSED);
        assertThat(catchThrowableOfType(LockException.class, mutex::tryLock).reason())
                .isEqualTo(LockException.Reason.CLOSED);
    }

    private static void assertRefused(Region region, String... parts) {
        assertThat(refusal(region)).contains(parts).contains(region.path().toString());
    }

    private static String refusal(Region region) {
        RegionException refused = catchThrowableOfType(RegionException.class, region::close);
        assertThat(refused.reason()).isEqualTo(Reason.IN_USE);
        return refused.getMessage();
    }
}
