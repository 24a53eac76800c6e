package io.mortmain.cli.torture;

import io.mortmain.GuardedArray;
import io.mortmain.GuardedArray.Options;
import io.mortmain.HeapTransaction;
import io.mortmain.HeapView;
import io.mortmain.Region;
import io.mortmain.SharedHeap;
import io.mortmain.SharedLong;
import io.mortmain.cli.torture.Deeds.Deed;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * B9: what is done to arrays and heaps. As with guarded words, all elements, or all words of the heap's one block, are the same number,
 * and in one transaction become the next. The counter says how many transactions there were, without those that a death interrupted.
 */
final class StructureDeeds {
    static final String ARRAY = "array";
    static final String HEAP = "heap";
    static final long HEAP_SIZE = 1 << 18;

    private StructureDeeds() {}

    record Numbered(long value) {}

    private interface Step {
        void on(Region region);
    }

    static void addTo(Map<String, Deed> all) {
        all.put("array-update", site -> repeat(site, region -> nextOf(array(region, site.number()))));
        all.put("array-look", site -> look(site, region -> number(array(region, site.number()))));
        all.put("heap-update", site -> repeat(site, region -> heap(region).update(tx -> replace(tx, site.number()))));
        all.put("heap-look", site -> look(site, region -> number(heap(region))));
    }

    static GuardedArray<Numbered> array(Region region, int elements) {
        return region.guardedArray(
                ARRAY, elements, new Numbered(0), Options.DEFAULT.withElementsPerTransaction(elements));
    }

    static SharedHeap heap(Region region) {
        return region.heap(HEAP, HEAP_SIZE);
    }

    private static String repeat(DeedSite site, Step step) {
        try (Region region = Region.open(site.path())) {
            SharedLong counter = region.counter(GuardedSpot.COUNTER);
            while (!Thread.interrupted()) {
                step.on(region);
                counter.getAndAdd(1);
            }
            return "interrupted";
        }
    }

    private interface Look {
        String at(Region region);
    }

    private static String look(DeedSite site, Look look) {
        try (Region region = Region.open(site.path())) {
            return look.at(region);
        }
    }

    private static void nextOf(GuardedArray<Numbered> array) {
        int[] all = IntStream.range(0, array.length()).toArray();
        array.update(all, elements -> {
            for (int index : all) {
                elements.set(index, new Numbered(elements.get(index).value() + 1));
            }
        });
    }

    private static String number(GuardedArray<Numbered> array) {
        List<Numbered> all = array.getAll();
        return same(all.stream().mapToLong(Numbered::value).toArray());
    }

    private static String same(long[] words) {
        for (int i = 1; i < words.length; i++) {
            if (words[i] != words[0]) {
                return "word 0 is " + words[0] + ", word " + i + " is " + words[i];
            }
        }
        return Long.toString(words[0]);
    }

    /** A new block takes the place of the one that there is, if any. */
    private static void replace(HeapTransaction tx, int words) {
        long old = tx.root();
        long next = old == 0 ? 1 : tx.getLong(old, 0) + 1;
        long block = tx.allocate((long) words * Long.BYTES);
        for (int i = 0; i < words; i++) {
            tx.putLong(block, (long) i * Long.BYTES, next);
        }
        tx.setRoot(block);
        if (old != 0) {
            tx.free(old);
        }
    }

    private static String number(SharedHeap heap) {
        long blocks = heap.checkInvariants();
        return blocks == 1 ? heap.read(StructureDeeds::number) : blocks + " blocks";
    }

    private static String number(HeapView view) {
        long root = view.root();
        long[] words = new long[(int) (view.sizeOf(root) / Long.BYTES)];
        for (int i = 0; i < words.length; i++) {
            words[i] = view.getLong(root, (long) i * Long.BYTES);
        }
        return same(words);
    }
}
