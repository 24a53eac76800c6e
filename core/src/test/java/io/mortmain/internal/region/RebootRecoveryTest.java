package io.mortmain.internal.region;

import static io.mortmain.internal.layout.GlibcMutexLayout.COUNT;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_REBOOTED;
import static io.mortmain.internal.layout.GlibcMutexLayout.PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.USERS;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mortmain.Guarded;
import io.mortmain.HeapView;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.SharedHeap;
import io.mortmain.errors.DataLostException;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.owner.OwnerRecords;
import io.mortmain.internal.owner.Surroundings;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A19 and A20 store by store: what a reboot makes of each mutex of a region, and when it is no reboot. */
class RebootRecoveryTest {
    private static final int OBJECTS = 4;
    private static final long HEAP_SIZE = 1 << 15;
    private static final int HOLDER = 4711;
    private static final int FREE = 1;
    private static final int NEVER_MADE = 3;
    private static final int LAST = OBJECTS;

    private final TestRegion name = new TestRegion();
    private final Surroundings before = Surroundings.current();
    private final Surroundings after = new Surroundings(new UUID(1, 2), before.pidNamespace());
    private final Instant longAgo = Surroundings.booted().minus(Duration.ofDays(1));
    private OpenFile file;

    /** Made before the machine was started, for all that its header says. */
    @BeforeEach
    void makeOldRegion() {
        try (Region region = Region.create(name.name(), 0, RegionOptions.DEFAULT.withMaxObjects(OBJECTS))) {
            region.mutex("free");
            region.mutex("other", MutexKind.NORMAL, null);
        }
        file = OpenFile.existing(name.path());
        RegionHeader header = RegionHeader.read(file, file.status().size());
        store(LAST, KIND, load(FREE, KIND));
        rewrite(new RegionHeader(header.geometry(), false, before, longAgo, longAgo));
    }

    @AfterEach
    void close() {
        file.close();
        name.close();
    }

    private void rewrite(RegionHeader header) {
        file.write(0, header.encode());
    }

    private RegionHeader header() {
        return RegionHeader.read(file, file.status().size());
    }

    private long place(int slot, int field) {
        return header().geometry().lockArea() + (long) slot * MutexSlotLayout.SIZE + field;
    }

    private int load(int slot, int field) {
        return ByteBuffer.wrap(file.read(place(slot, field), Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    private void store(int slot, int field, int value) {
        file.write(
                place(slot, field),
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
    }

    private void hold(int slot) {
        store(slot, LOCK, HOLDER | WAITERS);
        store(slot, OWNER, HOLDER);
        store(slot, COUNT, 3);
        store(slot, USERS, 1);
        store(slot, NODE, 0x1000);
        store(slot, PREVIOUS, 0x2000);
    }

    private void requireMarked(int slot) {
        assertThat(load(slot, LOCK)).as("word of %d", slot).isEqualTo(OWNER_DIED);
        assertThat(load(slot, OWNER)).as("owner of %d", slot).isEqualTo(OWNER_REBOOTED);
        assertThat(load(slot, USERS)).as("users of %d, the dead one", slot).isEqualTo(1);
        requireUnused(slot);
    }

    private void requireUnused(int slot) {
        for (int field : new int[] {COUNT, NODE, PREVIOUS}) {
            assertThat(load(slot, field)).as("field %d of %d", field, slot).isZero();
        }
    }

    @Test
    void shouldMarkEveryMutexThatWasMadeHeldOrFree() {
        hold(2);
        hold(LAST);
        RegionHeader recovered = RebootRecovery.recover(file, header(), after);
        for (int slot : new int[] {0, FREE, 2, LAST}) {
            requireMarked(slot);
        }
        assertThat(load(NEVER_MADE, LOCK)).isZero();
        assertThat(load(NEVER_MADE, OWNER)).isZero();
        assertThat(header()).isEqualTo(recovered);
        assertThat(recovered.surroundings()).isEqualTo(after);
    }

    record Pair(long first, long second) {}

    /** Who was told first died before it could say so; and a C program is not told of what kind a death was. */
    @Test
    void shouldSayOfDataWithAJournalThatTheyAreLost() {
        Pair first = new Pair(1, 2);
        try (TestRegion region = new TestRegion()) {
            int slot = makeAndReboot(region, made -> made.guarded("pair", first));
            store(slot, OWNER, OWNER_INCONSISTENT);
            try (Region again = Region.open(region.name());
                    TestProcess c = TestProcess.c("guardedpeer", region.name(), "pair")) {
                Guarded<Pair> pair = again.guarded("pair", first);
                c.expect("ready");
                c.say("lock");
                assertThat(c.next()).startsWith("refused 13 the data of guarded pair of region ");
                assertThatExceptionOfType(DataLostException.class).isThrownBy(pair::get);
                pair.set(new Pair(3, 4));
                assertThat(pair.get()).isEqualTo(new Pair(3, 4));
                c.say("lock");
                assertThat(c.next()).isEqualTo("ok");
            }
        }
    }

    /** The same of a heap: who was told first died before it could say so. */
    @Test
    void shouldSayOfAHeapThatItIsLostUntilItIsCleared() {
        try (TestRegion region = new TestRegion()) {
            int slot = makeAndReboot(
                    region, made -> made.heap("heap", HEAP_SIZE).update(tx -> tx.setRoot(tx.allocate(HEAP_SIZE / 2))));
            store(slot, OWNER, OWNER_INCONSISTENT);
            try (Region again = Region.open(region.name());
                    Region another = Region.open(region.name())) {
                SharedHeap heap = again.heap("heap", HEAP_SIZE);
                SharedHeap other = another.heap("heap", HEAP_SIZE);
                requireLost(heap);
                requireLost(other);
                heap.clear();
                assertThat(other.checkInvariants()).isZero();
                assertThat(other.<Long>read(HeapView::root)).isZero();
                heap.update(tx -> tx.setRoot(tx.allocate(8)));
                assertThat(other.<Long>updateAndGet(HeapView::root)).isPositive();
                assertThat(other.checkInvariants()).isEqualTo(1);
            }
        }
    }

    private static void requireLost(SharedHeap heap) {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> heap.update(_ -> never()),
                () -> heap.updateAndGet(_ -> never()),
                () -> heap.read(_ -> never()),
                heap::checkInvariants)) {
            assertThatExceptionOfType(DataLostException.class)
                    .isThrownBy(call)
                    .withMessageContaining("the data of heap heap of region ");
        }
    }

    private static long never() {
        throw new AssertionError("sees blocks that are lost");
    }

    /** A region whose machine was rebooted, in this boot; {@code file} is its, and the result the slot of the object that was made. */
    private int makeAndReboot(TestRegion name, Consumer<Region> maker) {
        try (Region region = Region.create(name.name(), 4096 + HEAP_SIZE)) {
            region.memory("memory", 100);
            maker.accept(region);
        }
        long block = Region.inspect(name.name()).objects().get(1).offset();
        file.close();
        file = OpenFile.existing(name.path());
        RegionHeader current = header();
        file.write(block + GuardedBlockLayout.JOURNAL_USED, new byte[] {1}); // its entry, all zero, would be refused
        rewrite(new RegionHeader(current.geometry(), false, before, longAgo, longAgo));
        RebootRecovery.recover(file, header(), after);
        rewrite(current);
        requireMarked(2);
        return 2;
    }

    @Test
    void shouldLeaveAMutexNotRecoverableThatWas() {
        hold(2);
        store(2, OWNER, OWNER_NOT_RECOVERABLE);
        RebootRecovery.recover(file, header(), after);
        assertThat(load(2, LOCK)).isZero();
        assertThat(load(2, OWNER)).isEqualTo(OWNER_NOT_RECOVERABLE);
        requireUnused(2);
    }

    @Test
    void shouldTouchNothingWhereNoRebootIsProven() {
        hold(2);
        RegionHeader old = header();
        Instant now = Instant.now();
        Surroundings elsewhere = new Surroundings(after.boot(), before.pidNamespace() + 1);
        requireUntouched(old, before);
        requireUntouched(old, elsewhere);
        requireUntouched(new RegionHeader(old.geometry(), false, before, now, longAgo), after);
        requireUntouched(new RegionHeader(old.geometry(), false, before, longAgo, now), after);
    }

    private void requireUntouched(RegionHeader header, Surroundings here) {
        rewrite(header);
        assertThat(RebootRecovery.recover(file, header(), here)).isEqualTo(header);
        assertThat(load(2, LOCK)).isEqualTo(HOLDER | WAITERS);
        assertThat(load(FREE, LOCK)).isZero();
        assertThat(header()).isEqualTo(header);
    }

    /** Both saw the old header; the second comes when somebody of the new boot holds a mutex. */
    @Test
    void shouldLeaveARegionAloneThatAnotherRecoveredMeanwhile() {
        RegionHeader old = header();
        RegionHeader recovered = RebootRecovery.recover(file, old, after);
        hold(2);
        try (OpenFile second = OpenFile.existing(name.path())) {
            file.close();
            assertThat(RebootRecovery.recover(second, old, after)).isEqualTo(recovered);
        } finally {
            file = OpenFile.existing(name.path());
        }
        assertThat(load(2, LOCK)).isEqualTo(HOLDER | WAITERS);
    }

    @Test
    void shouldNotRecoverARegionForSeveralNamespacesThatSomebodyHasOpen() throws Exception {
        makeForSeveralNamespaces();
        hold(2);
        RegionHeader old = header();
        try (OwnerRecords living = OwnerRecords.claim(file, old.geometry().ownerArea(), _ -> {})) {
            requireUntouched(old, after);
            assertThat(living.own()).isZero();
        }
        RebootRecovery.recover(file, old, after);
        requireMarked(2);
        requireMarked(FREE);
        assertThat(header().surroundings()).isEqualTo(after);
    }

    private void makeForSeveralNamespaces() {
        RegionHeader old = header();
        rewrite(new RegionHeader(old.geometry(), true, before, longAgo, longAgo));
    }

    @Test
    void shouldWaitForAnotherThatRecovers() throws Exception {
        OpenFile first = OpenFile.existing(name.path());
        first.lockExclusively();
        CompletableFuture<RegionHeader> second = CompletableFuture.supplyAsync(
                () -> RebootRecovery.recover(file, header(), after),
                task -> Thread.ofPlatform().daemon().start(task));
        try {
            Thread.sleep(300); // long enough for one that does not wait to be seen
            assertThat(second).isNotDone();
            assertThat(load(FREE, LOCK)).isZero();
        } finally {
            first.close();
        }
        second.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS);
        requireMarked(FREE);
    }
}
