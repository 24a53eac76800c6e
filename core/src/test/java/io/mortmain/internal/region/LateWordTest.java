package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.KernelLockers;
import io.mortmain.internal.lock.Latecomers;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.Lockers;
import io.mortmain.internal.lock.RobustProtocol;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;
import io.mortmain.testing.NativeThread;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row D3: an acquirer that is overtaken by a close between its look at the gate and its compare-and-set, at each place where it can land. */
class LateWordTest {
    private static final RegionFile.Access ACCESS = new RegionFile.Access(0600, OptionalInt.empty(), false);
    private static final int SLOT = 0;
    private static final int KIND = RegionFile.DIRECTORY_MUTEX_KIND;

    private final CountDownLatch atCompareAndSet = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final CountDownLatch taken = new CountDownLatch(1);
    private final Gate gate = new Gate();
    private final AtomicBoolean acquired = new AtomicBoolean();

    /** The words of this process, but before or after the compare-and-set that takes the mutex the thread waits until it may go on. */
    private final class Halting extends Delegating {
        private final long word;
        private final boolean afterwards;

        Halting(long word, boolean afterwards) {
            this.word = word;
            this.afterwards = afterwards;
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            boolean takes = address == word && expected == 0;
            if (takes && !afterwards) {
                halt();
            }
            boolean done = super.compareAndSetInt(address, expected, value);
            if (takes && afterwards) {
                halt();
            }
            if (takes) {
                taken.countDown();
            }
            return done;
        }

        private void halt() {
            atCompareAndSet.countDown();
            await(mayGoOn);
        }
    }

    @Test
    void shouldGiveTheWordBackWhenItIsTakenBetweenTheScanAndTheReplacement() throws Exception {
        try (TestRegion name = new TestRegion()) {
            Mapping mapping = create(name);
            Thread late = startAcquiring(mapping.mutex(SLOT));
            gate.beginClosing();
            assertThat(mapping.useWithin(gate, Integer::toString)).isEmpty();
            mapping.close(() -> {
                mayGoOn.countDown();
                await(taken);
                assertThat(wordInFile(name)).as("taken in the file").isNotZero();
            });
            gate.close();
            late.join();
            assertThat(acquired).isFalse();
            assertThat(wordInFile(name)).isZero();
        }
    }

    @Test
    void shouldTouchNothingWhenTheWordIsTakenAfterTheAddressesWereUsedAgain() throws Exception {
        try (TestRegion first = new TestRegion();
                TestRegion second = new TestRegion()) {
            Mapping mapping = create(first);
            long address = mapping.mutex(SLOT);
            Thread late = startAcquiring(address);
            gate.beginClosing();
            assertThat(mapping.useWithin(gate, Integer::toString)).isEmpty();
            mapping.close(() -> {});
            gate.close();
            Mapping other = create(second);
            for (int others = 0; other.mutex(SLOT) != address; others++) {
                assertThat(others).as("ranges used before this one is again").isLessThan(1_000);
                other.close(() -> {});
                other = RegionFile.open(Path.of(second.path()), ACCESS);
            }
            mayGoOn.countDown();
            late.join();
            assertThat(acquired).isFalse();
            assertThat(wordInFile(first)).isZero();
            assertThat(wordInFile(second)).isZero();
            other.close(() -> {});
        }
    }

    /**
     * Its number might be another process's in the other region, and giving it back would free the word of a living holder: so the
     * address is no other region's as long as the thread is there.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotUseTheAddressesAgainWhileAThreadWithANumberOfARecordMayStoreThere(boolean hasTaken) throws Exception {
        int most = 100;
        try (TestRegion first = new TestRegion();
                TestRegion second = new TestRegion()) {
            Mapping mapping = create(first, true);
            long address = mapping.mutex(SLOT);
            Thread late = startAcquiring(mapping.lockers(), address, hasTaken);
            gate.beginClosing();
            mapping.close(() -> {});
            assertThat(Latecomers.threadsElsewhere()).doesNotContain(late);
            create(second, true).close(() -> {});
            assertThat(isUsedAgain(second, address, most))
                    .as("while it may store there")
                    .isFalse();
            mayGoOn.countDown();
            gate.close();
            late.join();
            assertThat(acquired).isFalse();
            assertThat(wordInFile(second)).isZero();
            assertThat(isUsedAgain(second, address, most))
                    .as("once it has ended")
                    .isTrue();
        }
    }

    private static boolean isUsedAgain(TestRegion region, long address, int times) {
        boolean used = false;
        for (int time = 0; time < times && !used; time++) {
            Mapping other = RegionFile.open(Path.of(region.path()), ACCESS);
            used = other.mutex(SLOT) == address;
            other.close(() -> {});
        }
        return used;
    }

    @Test
    void shouldSeeAThreadElsewhereThatLivesOnAfterItLocked() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (TestRegion name = new TestRegion()) {
            Mapping mapping = create(name, true);
            CountDownLatch ready = new CountDownLatch(1);
            Thread user = Thread.ofPlatform().start(() -> {
                mapping.lockers().current();
                ready.countDown();
                await(end);
            });
            await(ready);
            Latecomers latecomers = mapping.lockers().latecomers();
            assertThat(latecomers.areGone(Set.of())).as("may be anywhere").isFalse();
            assertThat(latecomers.areGone(Latecomers.threadsElsewhere())).isTrue();
            end.countDown();
            user.join();
            mapping.close(() -> {});
        } finally {
            end.countDown();
        }
    }

    @Test
    void shouldAcquireWhenTheCloserGivesUp() throws Exception {
        try (TestRegion name = new TestRegion()) {
            Mapping mapping = create(name);
            Thread late = startAcquiring(mapping.mutex(SLOT));
            gate.beginClosing();
            mayGoOn.countDown();
            await(taken);
            assertThat(mapping.useWithin(gate, Integer::toString))
                    .as("the word is seen")
                    .isPresent();
            gate.reopen();
            late.join();
            assertThat(acquired).isTrue();
            assertThat(wordInFile(name)).isZero();
            mapping.close(() -> {});
        }
    }

    @Test
    void shouldNotRobCCodeOfThisProcessThatLocksByAnotherMappingMeanwhile() throws Exception {
        try (TestRegion name = new TestRegion()) {
            Mapping mapping = create(name);
            RegionGeometry geometry = mapping.geometry();
            try (OpenFile file = OpenFile.existing(name.path())) {
                long other = AddressSpace.mapShared(
                        file.descriptor(), geometry.lockArea(), geometry.lockAreaSize(), name.path());
                NativeThread[] holder = new NativeThread[1];
                gate.beginClosing();
                mapping.close(() -> holder[0] = NativeThread.locking(MemorySegment.ofAddress(other)));
                gate.close();
                assertThat(wordInFile(name) & GlibcMutexLayout.TID_MASK).isEqualTo(holder[0].threadId());
                holder[0].unlockAndEnd();
                AddressSpace.unmap(other, geometry.lockAreaSize());
            }
        }
    }

    private Thread startAcquiring(long mutex) {
        return startAcquiring(KernelLockers.INSTANCE, mutex, false);
    }

    private Thread startAcquiring(Lockers lockers, long mutex, boolean haltsAfterwards) {
        RobustProtocol protocol = RobustProtocol.over(
                new Halting(mutex + GlibcMutexLayout.LOCK, haltsAfterwards),
                LinuxKernel.INSTANCE,
                Witness.BLIND,
                MarkerTurn.UNDISPUTED);
        Thread thread = Thread.ofPlatform().name("late").start(() -> {
            LockThread me = lockers.current();
            acquired.set(protocol.lockUncontended(me, mutex, KIND, gate));
            if (acquired.get()) {
                protocol.slowPaths().unlock(me, mutex, KIND, gate);
            }
        });
        await(atCompareAndSet);
        return thread;
    }

    private static Mapping create(TestRegion name) {
        return create(name, false);
    }

    private static Mapping create(TestRegion name, boolean severalPidNamespaces) {
        return RegionFile.create(Path.of(name.path()), new RegionGeometry(0, 16), severalPidNamespaces, ACCESS);
    }

    private static int wordInFile(TestRegion name) {
        return RegionReader.read(Path.of(name.path()), region -> region.slotInt(SLOT, GlibcMutexLayout.LOCK));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    /** Passes everything on. */
    private static class Delegating extends Words {
        private final Words words = MappedWords.INSTANCE;

        @Override
        public int getIntPlain(long address) {
            return words.getIntPlain(address);
        }

        @Override
        public int getIntOpaque(long address) {
            return words.getIntOpaque(address);
        }

        @Override
        public int getIntVolatile(long address) {
            return words.getIntVolatile(address);
        }

        @Override
        public void putIntRelease(long address, int value) {
            words.putIntRelease(address, value);
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            return words.compareAndSetInt(address, expected, value);
        }

        @Override
        public int getAndSetInt(long address, int value) {
            return words.getAndSetInt(address, value);
        }

        @Override
        public long getLongPlain(long address) {
            return words.getLongPlain(address);
        }

        @Override
        public long getLongOpaque(long address) {
            return words.getLongOpaque(address);
        }

        @Override
        public long getLongVolatile(long address) {
            return words.getLongVolatile(address);
        }

        @Override
        public void putLongRelease(long address, long value) {
            words.putLongRelease(address, value);
        }
    }
}
