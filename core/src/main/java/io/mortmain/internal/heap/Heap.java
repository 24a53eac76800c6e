package io.mortmain.internal.heap;

import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.GuardedBlock.Shape;
import io.mortmain.internal.journal.WordChanges;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.internal.record.Schema;
import io.mortmain.internal.words.SharedBytes;
import java.util.function.Function;

/**
 * A heap as one process uses it, one transaction at a time. All methods are for the holder of its mutex, after the roll-back of what a
 * predecessor left. What is done by {@link #contents} and the methods here is seen by the caller alone until {@link #commit}.
 */
public final class Heap {
    /** The least size, bytes: less would hardly have room for anything. */
    public static final long LEAST_SIZE = 1 << 14;

    private static final Schema SCHEMA = Schema.parse("record Heap 64\n0 long[8] words\n");
    private static final int LEAST_JOURNAL = 256;
    private static final int LARGEST_JOURNAL = 1 << 16;
    private static final int BYTES_PER_ENTRY = 128;
    private static final String CURE = "create it anew with a larger size: it has room for a word per "
            + BYTES_PER_ENTRY + " bytes of its size, and for " + LARGEST_JOURNAL + " at most";

    private final StagedWords words;
    private final HeapAllocator allocator;
    private final BlockContents contents;
    private final String name;

    /**
     * The heap in the block.
     *
     * @param name with which a sentence can begin
     */
    public Heap(GuardedBlock block, Space space, String name) {
        this(block, space, name, changes -> new StagedWords(block.bytes(), block.offsetOf(0), changes));
    }

    Heap(GuardedBlock block, Space space, String name, Function<WordChanges, StagedWords> words) {
        this.words = words.apply(new WordChanges(block.bytes(), 0, block.journal(), CURE));
        this.allocator = new HeapAllocator(this.words, block.elements() * HeapLayout.ELEMENT_SIZE, space, name);
        this.contents = new BlockContents(this.words, allocator);
        this.name = name;
    }

    /**
     * What a new heap is to be.
     *
     * @param size bytes of all of it, journal included, from {@link #LEAST_SIZE} on; it is rounded down to what is possible
     */
    public static Shape shape(long size) {
        int capacity = Math.clamp(size / BYTES_PER_ENTRY, LEAST_JOURNAL, LARGEST_JOURNAL);
        return shape(size, capacity);
    }

    static Shape shape(long size, int capacity) {
        long data = new Shape(SCHEMA, 0, capacity).size();
        return new Shape(SCHEMA, (size - data) / HeapLayout.ELEMENT_SIZE, capacity);
    }

    /** Bytes of a new heap, from the beginning of its block, that must have space before it is initialised. */
    public static long firstSize(Shape shape) {
        return dataOf(shape) + HeapAllocator.firstEnd(shape.elements() * HeapLayout.ELEMENT_SIZE);
    }

    /** Writes a new one into bytes that are zero and that nobody else sees. */
    public static void initialise(SharedBytes bytes, Shape shape) {
        GuardedBlock.initialise(bytes, shape, new long[0]);
        long data = dataOf(shape);
        bytes.putLong(
                data + HeapLayout.COMMITTED_END, HeapAllocator.firstEnd(shape.elements() * HeapLayout.ELEMENT_SIZE));
        bytes.putLong(data + HeapLayout.TOP, HeapLayout.BLOCKS);
    }

    private static long dataOf(Shape shape) {
        return new Shape(shape.schema(), 0, shape.journalCapacity()).size();
    }

    /** Whether the block describes itself as that of a heap. */
    public static boolean isHeap(GuardedBlock block) {
        return block.schema().equals(SCHEMA)
                && block.elements() * HeapLayout.ELEMENT_SIZE > HeapLayout.BLOCKS
                && block.offsetOf(0) % GuardedBlockLayout.ALIGNMENT == 0;
    }

    /** Begins a transaction; refuses the heap where its own words are out of range. */
    public void begin() {
        words.discard(); // an error may have kept the one before from it
        allocator.requireSound();
    }

    /** A new block of so many bytes or more, all zero; its handle. */
    public long allocate(long bytes) {
        return allocator.allocate(bytes);
    }

    /** Frees an allocated block that is not the root. */
    public void free(long handle) {
        allocator.free(handle);
    }

    /** Bytes of an allocated block. */
    public long sizeOf(long handle) {
        return allocator.sizeOf(handle);
    }

    /** Handle of the root, or 0. */
    public long root() {
        return allocator.root();
    }

    /** Makes an allocated block the root, or none by 0. */
    public void setRoot(long handle) {
        allocator.setRoot(handle);
    }

    /** What stands in the blocks. */
    public BlockContents contents() {
        return contents;
    }

    /**
     * Writes what the transaction changed, all of it or nothing, whoever dies.
     *
     * @return whether anything has changed
     * @throws io.mortmain.errors.TransactionTooLargeException where the journal has no room; nothing was changed
     * @throws IllegalStateException where an error left a change half done; nothing was changed
     */
    public boolean commit() {
        return words.commit();
    }

    /** Forgets what has not been committed. */
    public void discard() {
        words.discard();
    }

    /** Makes it a heap without blocks, whatever stood there; instead of {@link #begin}. */
    public void clear() {
        words.discard();
        allocator.clear();
    }

    /**
     * Looks at everything, for the invariants of {@link HeapAllocator}.
     *
     * @return how many blocks are allocated
     * @throws io.mortmain.errors.RegionException reason {@code DAMAGED}, with the first that does not hold
     */
    public long checkInvariants() {
        allocator.requireSound();
        return new HeapCheck(words, name).run();
    }
}
