package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedHeapTest {
    private static final long SIZE = 1 << 20;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 4 * SIZE);
    private final SharedHeap heap = region.heap("heap", SIZE);

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    @Test
    void shouldKeepBlocksForEverybody() {
        long root = heap.updateAndGet(tx -> {
            long block = tx.allocate(20);
            tx.putLong(block, 0, -2);
            tx.putInt(block, 8, 7);
            tx.putInt(block, 12, -1);
            tx.putBytes(block, 15, new byte[] {1, 2, 3});
            tx.putByte(block, 19, (byte) 4);
            tx.setRoot(block);
            return block;
        });
        try (Region again = Region.open(name.name())) {
            SharedHeap same = again.heap("heap", SIZE);
            assertThat(same.<Long>read(HeapView::root)).isEqualTo(root);
            same.update(tx -> {
                assertThat(tx.sizeOf(root)).isEqualTo(24);
                assertThat(tx.getLong(root, 0)).isEqualTo(-2);
                assertThat(tx.getInt(root, 8)).isEqualTo(7);
                assertThat(tx.getInt(root, 12)).isEqualTo(0x01ffffff);
                assertThat(tx.getBytes(root, 14, 6)).containsExactly(-1, 1, 2, 3, 0, 4);
                assertThat(tx.getByte(root, 17)).isEqualTo((byte) 3);
            });
            assertThat(same.checkInvariants()).isEqualTo(1);
        }
    }

    @Test
    void shouldThrowEverythingAwayAfterAnException() {
        long kept = heap.updateAndGet(tx -> tx.allocate(100));
        heap.update(tx -> tx.putLong(kept, 8, 5));
        assertThatThrownBy(() -> heap.update(tx -> {
                    tx.setRoot(tx.allocate(10));
                    tx.putLong(kept, 8, 6);
                    tx.free(kept);
                    throw new IllegalArgumentException("changed my mind");
                }))
                .hasMessage("changed my mind");
        assertThat(heap.<Long>read(view -> view.getLong(kept, 8))).isEqualTo(5);
        assertThat(heap.<Long>read(HeapView::root)).isZero();
        assertThat(heap.checkInvariants()).isEqualTo(1);
    }

    @Test
    void shouldGiveAFreedBlockAgainAndZeroed() {
        long first = heap.updateAndGet(tx -> {
            long block = tx.allocate(33);
            tx.putBytes(block, 0, new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
            return block;
        });
        heap.update(tx -> {
            tx.free(first);
            assertThat(tx.allocate(41)).as("of another class").isNotEqualTo(first);
            assertThat(tx.allocate(40)).as("of the same class").isEqualTo(first);
            assertThat(tx.getBytes(first, 0, 40)).containsOnly(0);
        });
        heap.update(tx -> tx.putLong(first, 8, 9));
        heap.update(tx -> tx.free(first));
        heap.update(tx -> {
            assertThat(tx.allocate(34)).isEqualTo(first);
            assertThat(tx.getBytes(first, 0, 40)).containsOnly(0);
        });
        assertThat(heap.checkInvariants()).isEqualTo(2);
    }

    @Test
    void shouldRefuseWildHandlesAndOffsets() {
        long block = heap.updateAndGet(tx -> tx.allocate(64));
        for (long wild :
                new long[] {0, -8, 8, block + 8, block + 1, block + 72, SIZE, Long.MAX_VALUE, Long.MIN_VALUE}) {
            refused(Reason.INVALID_ARGUMENT, "has no block " + wild, () -> heap.read(v -> v.sizeOf(wild)));
            refused(Reason.INVALID_ARGUMENT, "has no block " + wild, () -> heap.update(tx -> tx.free(wild)));
            refused(
                    Reason.INVALID_ARGUMENT,
                    "has no block " + wild,
                    () -> heap.update(tx -> tx.putByte(wild, 0, (byte) 1)));
            if (wild != 0) {
                refused(Reason.INVALID_ARGUMENT, "has no block " + wild, () -> heap.update(tx -> tx.setRoot(wild)));
            }
        }
        for (long wild : new long[] {-8, 64, 72, Long.MAX_VALUE - 7, Long.MIN_VALUE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> heap.read(v -> v.getLong(block, wild)))
                    .withMessage("8 bytes at " + wild + " are not within block " + block + ", which has 64");
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> heap.update(tx -> tx.putInt(block, 2, 1)))
                .withMessageContaining("give a multiple of 4");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> heap.update(tx -> tx.putBytes(block, 60, new byte[5])));
        assertThat(heap.checkInvariants()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatWasFreed() {
        long block = heap.updateAndGet(tx -> tx.allocate(64));
        heap.update(tx -> tx.setRoot(block));
        refused(Reason.INVALID_ARGUMENT, "is the root and cannot be freed", () -> heap.update(tx -> tx.free(block)));
        heap.update(tx -> tx.setRoot(0));
        heap.update(tx -> tx.free(block));
        refused(Reason.INVALID_ARGUMENT, block + ": it was freed", () -> heap.update(tx -> tx.free(block)));
        refused(Reason.INVALID_ARGUMENT, block + ": it was freed", () -> heap.read(v -> v.getByte(block, 0)));
        refused(Reason.INVALID_ARGUMENT, block + ": it was freed", () -> heap.update(tx -> tx.setRoot(block)));
        assertThat(heap.checkInvariants()).isZero();
    }

    @Test
    void shouldSayWhenItIsFullAndGoOn() {
        refused(
                Reason.LIMIT_REACHED,
                "no room for a block of 2000000 bytes",
                () -> heap.update(tx -> tx.allocate(2_000_000)));
        refused(Reason.INVALID_ARGUMENT, "no blocks of -1 bytes", () -> heap.update(tx -> tx.allocate(-1)));
        long big = heap.updateAndGet(tx -> tx.allocate(600_000));
        refused(
                Reason.LIMIT_REACHED,
                "no room for a block of 600000 bytes: ",
                () -> heap.update(tx -> {
                    tx.allocate(8);
                    tx.allocate(600_000);
                }));
        assertThat(heap.checkInvariants()).isEqualTo(1);
        heap.update(tx -> tx.free(big));
        assertThat(heap.<Long>updateAndGet(tx -> tx.allocate(600_000))).isEqualTo(big);
    }

    @Test
    void shouldRefuseATransactionThatDoesNotFitBeforeAnythingIsTouched() {
        long block = heap.updateAndGet(tx -> tx.allocate(100_000));
        byte[] bytes = new byte[100_000];
        java.util.Arrays.fill(bytes, (byte) 1);
        assertThatExceptionOfType(TransactionTooLargeException.class)
                .isThrownBy(() -> heap.update(tx -> tx.putBytes(block, 0, bytes)))
                .withMessageContaining("room for 8192");
        assertThat(heap.<byte[]>read(v -> v.getBytes(block, 0, 100_000))).containsOnly(0);
        byte[] half = new byte[50_000];
        java.util.Arrays.fill(half, (byte) 2);
        heap.update(tx -> tx.putBytes(block, 0, half));
        heap.update(tx -> tx.putBytes(block, 50_000, half));
        heap.update(tx -> tx.free(block));
        assertThat(heap.<Long>updateAndGet(tx -> tx.allocate(100_000)))
                .as("zeroes need no room in the journal")
                .isEqualTo(block);
        assertThat(heap.<byte[]>read(v -> v.getBytes(block, 0, 100_000))).containsOnly(0);
    }

    @Test
    void shouldLendTheViewForTheCallAndItsThreadOnly() {
        AtomicReference<HeapTransaction> kept = new AtomicReference<>();
        heap.update(tx -> {
            kept.set(tx);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread other = Thread.ofPlatform()
                    .uncaughtExceptionHandler((_, why) -> thrown.set(why))
                    .start(() -> tx.allocate(8));
            join(other);
            assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
        });
        assertThatThrownBy(() -> kept.get().allocate(8)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> heap.update(tx -> kept.get().root())).isInstanceOf(IllegalStateException.class);
        assertThatExceptionOfType(LockException.class)
                .isThrownBy(() -> heap.update(tx -> heap.read(HeapView::root)))
                .satisfies(no -> assertThat(no.reason()).isEqualTo(LockException.Reason.WOULD_DEADLOCK));
        assertThat(heap.checkInvariants()).isZero();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldBeOneKindOfObjectAndOneSize() {
        refused(Reason.INCOMPATIBLE, "was asked for with", () -> region.heap("heap", 2 * SIZE));
        refused(Reason.INCOMPATIBLE, "is a heap and was asked for as memory", () -> region.memory("heap", SIZE));
        refused(Reason.INVALID_ARGUMENT, "give 16384 to", () -> region.heap("small", 16_383));
        refused(Reason.INVALID_ARGUMENT, "give 16384 to", () -> region.heap("large", Long.MAX_VALUE));
        refused(Reason.LIMIT_REACHED, "bytes left", () -> region.heap("too large", 4 * SIZE));
        SharedHeap small = region.heap("small", 16_384);
        assertThat(small.<Long>updateAndGet(tx -> tx.allocate(8_000))).isPositive();
        assertThat(small.checkInvariants()).isEqualTo(1);
    }

    @Test
    void shouldBeClearedAsAWhole() {
        for (int bytes = 1; bytes < 5_000; bytes *= 2) {
            int size = bytes;
            heap.update(tx -> {
                tx.setRoot(tx.allocate(size));
                tx.putByte(tx.root(), 0, (byte) 1);
                tx.free(tx.allocate(size));
            });
        }
        heap.clear();
        assertThat(heap.<Long>read(HeapView::root)).isZero();
        assertThat(heap.checkInvariants()).isZero();
        heap.update(tx -> assertThat(tx.getBytes(tx.allocate(5_000), 0, 5_000)).containsOnly(0));
        assertThat(heap.checkInvariants()).isEqualTo(1);
    }

    /** Whatever another process has written over the top. */
    @Test
    void shouldRefuseADamagedHeapUntilItIsCleared() throws IOException {
        for (long top : new long[] {0, -8, HeapLayout.BLOCKS - 8, HeapLayout.BLOCKS + 1, SIZE, Long.MAX_VALUE}) {
            heap.update(tx -> tx.setRoot(tx.allocate(100)));
            putTop(top);
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> heap.update(tx -> tx.allocate(8)),
                    () -> heap.updateAndGet(tx -> tx.allocate(8)),
                    () -> heap.read(HeapView::root),
                    heap::checkInvariants)) {
                refused(Reason.DAMAGED, "is damaged (its top is " + top + " ", call);
            }
            heap.clear();
            assertThat(heap.checkInvariants()).isZero();
            assertThat(heap.<Long>read(HeapView::root)).isZero();
        }
        heap.update(tx -> assertThat(tx.getBytes(tx.allocate(100), 0, 100)).containsOnly(0));
        assertThat(heap.checkInvariants()).isEqualTo(1);
    }

    private void putTop(long top) throws IOException {
        long block = Region.inspect(name.name()).objects().getFirst().offset();
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            file.seek(block + GuardedBlockLayout.DATA);
            long data = Long.reverseBytes(file.readLong());
            file.seek(block + data + HeapLayout.TOP);
            file.writeLong(Long.reverseBytes(top));
        }
    }

    private static void refused(Reason reason, String part, ThrowingCallable call) {
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(call)
                .withMessageContaining(part)
                .satisfies(no -> assertThat(no.reason()).isEqualTo(reason));
    }
}
