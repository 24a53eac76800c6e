package io.mortmain.internal.heap;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What a heap is to its users: blocks with contents, of which one is the root. */
final class HeapModel {
    private final Map<Long, long[]> blocks = new TreeMap<>();
    private long root;

    HeapModel copy() {
        HeapModel copy = new HeapModel();
        blocks.forEach((handle, words) -> copy.blocks.put(handle, words.clone()));
        copy.root = root;
        return copy;
    }

    /** The handles, ascending. */
    long[] handles() {
        return blocks.keySet().stream().mapToLong(handle -> handle).toArray();
    }

    long root() {
        return root;
    }

    long allocate(Heap heap, long bytes) {
        long handle = heap.allocate(bytes);
        long size = heap.sizeOf(handle);
        require(size >= bytes && size <= Math.max(bytes + Long.BYTES, bytes * 5 / 4), "a block of " + size);
        require(blocks.put(handle, new long[(int) (size / Long.BYTES)]) == null, "given twice: " + handle);
        verifyBlock(heap, handle);
        return handle;
    }

    void free(Heap heap, long handle) {
        heap.free(handle);
        blocks.remove(handle);
    }

    void put(Heap heap, long handle, int word, long value) {
        heap.contents().putLong(handle, (long) word * Long.BYTES, value);
        words(handle)[word] = value;
    }

    /** Every word of the block gets another value. */
    void fill(Heap heap, long handle, long value) {
        for (int word = 0; word < words(handle).length; word++) {
            put(heap, handle, word, value + word);
        }
    }

    void setRoot(Heap heap, long handle) {
        heap.setRoot(handle);
        root = handle;
    }

    void clear(Heap heap) {
        heap.clear();
        blocks.clear();
        root = 0;
    }

    long[] words(long handle) {
        long[] words = blocks.get(handle);
        if (words == null) {
            throw new AssertionError("the model has no block " + handle);
        }
        return words;
    }

    /** That the heap is whole and has these blocks with these contents, and no others. */
    void verify(Heap heap) {
        heap.begin();
        long allocated = heap.checkInvariants();
        require(allocated == blocks.size(), allocated + " blocks are allocated, and must be " + blocks.size());
        require(heap.root() == root, "the root is " + heap.root() + " and must be " + root);
        blocks.keySet().forEach(handle -> verifyBlock(heap, handle));
    }

    private void verifyBlock(Heap heap, long handle) {
        long[] found = new long[words(handle).length];
        require(heap.sizeOf(handle) == (long) found.length * Long.BYTES, "block " + handle + " has another size");
        Arrays.setAll(found, word -> heap.contents().getLong(handle, (long) word * Long.BYTES));
        require(
                Arrays.equals(found, words(handle)),
                "block " + handle + " has " + Arrays.toString(found) + " and must have "
                        + Arrays.toString(words(handle)));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
