package io.mortmain;

import io.mortmain.GuardedArray.Options;
import java.time.Duration;
import java.util.Random;
import java.util.Set;

/**
 * The objects with data of a hostile region in {@code RegionFuzzTest}, and one use of any of them. Whatever stands there, a use ends with a
 * result or a typed refusal. The functions look at nothing, and name no offset that a block may not have.
 */
final class FuzzData {
    /** Names of those that have a header and a journal. */
    static final Set<String> BLOCKS = Set.of("record", "array-1", "array-2", "heap");

    private static final int ELEMENTS = 8;
    private static final int STRIPES = 2;
    private static final long HEAP_SIZE = 1 << 15;
    private static final int LARGEST_BLOCK = 300;
    private static final Options OPTIONS = Options.DEFAULT.withStripes(STRIPES).withElementsPerTransaction(2);

    record Mixed(
            long number,
            @Length(20) String text,
            boolean flag,
            @Length(3) int[] sizes) {
        static Mixed of(int number) {
            return new Mixed(number, "number " + number % 1_000, number % 2 == 0, new int[] {number, 0, -number});
        }
    }

    private final Region region;
    private final Random random;

    FuzzData(Region region, Random random) {
        this.region = region;
        this.random = random;
    }

    /** Makes all of them. */
    static void create(Region region) {
        FuzzData data = new FuzzData(region, new Random(0));
        data.record();
        data.array(1);
        data.array(STRIPES);
        data.counter();
        data.heap().update(tx -> tx.setRoot(tx.allocate(100)));
    }

    private Guarded<Mixed> record() {
        return region.guarded("record", Mixed.of(0));
    }

    private GuardedArray<Mixed> array(int stripes) {
        return region.guardedArray("array-" + stripes, ELEMENTS, Mixed.of(0), OPTIONS.withStripes(stripes));
    }

    private SharedLong counter() {
        return region.counter("counter");
    }

    private SharedHeap heap() {
        return region.heap("heap", HEAP_SIZE);
    }

    /** One of them, once. */
    void use() throws InterruptedException {
        switch (random.nextInt(8)) {
            case 0, 1 -> useRecord(record());
            case 2, 3 -> useArray(array(1 + random.nextInt(STRIPES)));
            case 4 -> counter().addAndGet(random.nextLong());
            case 5 -> useByDescription();
            default -> useHeap(heap());
        }
    }

    private void useRecord(Guarded<Mixed> data) throws InterruptedException {
        Mixed next = Mixed.of(random.nextInt(1_000_000));
        switch (random.nextInt(6)) {
            case 0 -> data.get();
            case 1 -> data.set(next);
            case 2 -> data.update(_ -> next);
            case 3 -> data.compareAndSet(next, Mixed.of(1));
            case 4 -> data.await(seen -> seen.flag() == next.flag(), Duration.ofNanos(random.nextInt(4_000_000)));
            default -> data.read(Mixed::text);
        }
    }

    private void useArray(GuardedArray<Mixed> data) throws InterruptedException {
        Mixed next = Mixed.of(random.nextInt(1_000_000));
        int index = random.nextInt(ELEMENTS);
        Duration patience = Duration.ofNanos(random.nextInt(4_000_000));
        switch (random.nextInt(8)) {
            case 0 -> data.get(index, patience);
            case 1 -> data.getAll();
            case 2 -> data.set(index, next);
            case 3 -> data.update(index, _ -> next, patience);
            case 4 -> data.update(new int[] {index, (index + 1) % ELEMENTS}, several -> several.set(index, next));
            case 5 -> data.await(index, seen -> seen.flag() == next.flag(), patience);
            case 6 -> data.get(index);
            default -> data.fill(next);
        }
    }

    private void useByDescription() {
        if (random.nextBoolean()) {
            region.guarded("record").get();
        } else {
            region.guardedArray("array-1").getAll();
        }
    }

    private void useHeap(SharedHeap heap) {
        switch (random.nextInt(6)) {
            case 0 -> heap.read(view -> view.root() == 0 ? 0L : view.getLong(view.root(), 0));
            case 1 -> heap.update(tx -> tx.setRoot(tx.allocate(random.nextInt(LARGEST_BLOCK))));
            case 2 -> heap.update(this::replaceRoot);
            case 3 -> heap.update(tx -> tx.putLong(tx.root(), 0, random.nextLong()));
            case 4 -> heap.checkInvariants();
            default -> heap.clear();
        }
    }

    private void replaceRoot(HeapTransaction tx) {
        long root = tx.root();
        tx.setRoot(tx.allocate(random.nextInt(LARGEST_BLOCK)));
        if (root != 0) {
            tx.free(root);
        }
    }
}
