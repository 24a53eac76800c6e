package io.mortmain.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.heap.HeapMemory.State;
import io.mortmain.internal.journal.MortalMemory;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.testing.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A heap whose words somebody has changed. The memory is an array: an access outside of it is an error of the test's. */
class HostileHeapTest {
    private static final int ROUNDS = 20_000;
    private static final long FIRST = HeapLayout.BLOCKS + HeapLayout.HEADER_SIZE;
    private static final int EIGHT = 0;
    private static final int FORTY = SizeClasses.of(40);

    /** Two blocks of 8 bytes, the second free, and two of 40, both free. */
    private static State sound() {
        HeapMemory memory = new HeapMemory(State.born(), StagedWords::new, MortalMemory.NEVER);
        HeapModel model = new HeapModel();
        assertThat(memory.isKilled(heap -> {
                    heap.setRoot(heap.allocate(8));
                    long eight = heap.allocate(8);
                    long first = heap.allocate(40);
                    long second = heap.allocate(40);
                    heap.free(eight);
                    heap.free(first);
                    heap.free(second);
                }))
                .isFalse();
        return memory.whole(model, model).state();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # the top, too low, too high, not a multiple of 8
            8, 1392, its top is 1392
            8, 100000, its top is 100000
            8, 1409, its top is 1409
            0, 100000, its committed end|its top is
            8, 1416, invariant
            8, 1512, invariant
            # a list that ends early, leads to an allocated block, to none, into a circle
            32, 0, free blocks on no list: 1
            32, 1408, leads to 1408
            32, 12345, leads to 12345
            64, 1424, leads to 1424
            1440, 1488, 'which is no free block of it, or was met before'
            # a header that is none, or another block's
            1416, 0, invariant 2
            1400, 77, invariant 2
            # a root that is free, or no block
            16, 1424, the root 1424 is no allocated block
            16, 5, the root 5 is no allocated block
            """)
    void shouldFindEachBrokenInvariant(long offset, long value, String sentence) {
        HeapMemory memory = new HeapMemory(sound(), StagedWords::new, MortalMemory.NEVER);
        memory.heap().begin();
        assertThat(memory.heap().checkInvariants()).isEqualTo(1);
        memory.storeData(offset, value);
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> memory.heap().checkInvariants())
                .withMessageMatching("(?s).*(" + sentence + ").*")
                .satisfies(damaged -> assertThat(damaged.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void shouldNotTakeABlockFromAListThatLeadsToAnAllocatedOne() {
        HeapMemory memory = new HeapMemory(sound(), StagedWords::new, MortalMemory.NEVER);
        memory.storeData(HeapLayout.freeList(EIGHT), FIRST);
        memory.heap().begin();
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> memory.heap().allocate(8))
                .withMessageContaining("the list of class 0 leads to 1408, which is no free block of it");
    }

    /** The header is right in every bit, but the block would end above the top. */
    @Test
    void shouldNotTakeABlockThatEndsAboveTheTop() {
        HeapMemory memory = new HeapMemory(sound(), StagedWords::new, MortalMemory.NEVER);
        long top = HeapLayout.BLOCKS + 2 * 16 + 2 * 48; // behind the four blocks
        long forged = top - Long.BYTES;
        memory.storeData(forged - HeapLayout.HEADER_SIZE, HeapLayout.header(forged, HeapLayout.STATE_FREE, FORTY));
        memory.storeData(HeapLayout.freeList(FORTY), forged);
        memory.heap().begin();
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> memory.heap().allocate(40))
                .withMessageContaining("the list of class " + FORTY + " leads to " + forged)
                .satisfies(damaged -> assertThat(damaged.reason()).isEqualTo(Reason.DAMAGED));
    }

    /** Whatever the words are, every call ends, and stays within the heap. */
    @Test
    void shouldStayWithinTheHeapWhateverItsWordsAre() {
        long seed = Seed.of("hostile heaps");
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            HeapMemory memory = new HeapMemory(sound(), StagedWords::new, MortalMemory.NEVER);
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                memory.storeData(offset(random), value(random));
            }
            try {
                memory.heap().begin();
                for (int i = 0; i < 4; i++) {
                    use(memory.heap(), random);
                }
                boolean unusedAnswer = memory.heap().commit();
                memory.heap().begin();
                long unusedCount = memory.heap().checkInvariants();
            } catch (RegionException | TransactionTooLargeException expected) {
                refused++;
            } catch (RuntimeException | Error wrong) {
                throw new AssertionError("seed " + seed + ", round " + round, wrong);
            }
        }
        assertThat(refused).isBetween(ROUNDS / 3, ROUNDS);
    }

    private static void use(Heap heap, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> heap.contents().putByte(heap.allocate(random.nextInt(60)), 0, (byte) 1);
            case 1 -> heap.free(value(random));
            case 2 -> heap.setRoot(value(random));
            default -> heap.contents().putLong(heap.root(), 0, random.nextLong());
        }
    }

    private static long offset(Random random) {
        return (random.nextInt(3) == 0 ? random.nextLong(HeapMemory.DATA_SIZE) : random.nextLong(1_536)) & -Long.BYTES;
    }

    private static long value(Random random) {
        long handle = random.nextLong(HeapLayout.BLOCKS - 16, HeapLayout.BLOCKS + 160) & -Long.BYTES;
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong(-16, 2 * HeapMemory.DATA_SIZE);
            case 2 -> HeapLayout.header(handle, random.nextInt(3), random.nextInt(4) == 0 ? 255 : random.nextInt(20));
            default -> handle;
        };
    }
}
