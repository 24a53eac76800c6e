package io.mortmain;

import io.mortmain.errors.DataLostException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.heap.Heap;
import io.mortmain.internal.lock.LockThread;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Blocks of shared memory that are allocated, changed and freed in transactions: each as a whole or not at all, whoever dies when. No block is
 * ever leaked or freed by half. Obtained from {@link Region#heap}; its internal structure is kept consistent by the same means as the data.
 *
 * <p>Thread-safe, between processes too. A method waits for the heap's mutex as long as it takes, and keeps an interrupt for later. A
 * function runs while the mutex is held: it should be short, and must not use this heap but by what it is given, which is refused with
 * {@link io.mortmain.errors.LockException}, reason {@code WOULD_DEADLOCK}. Whatever it throws comes out; nothing was changed then. Virtual threads
 * block no carrier.
 *
 * <p>One transaction can change one word of 8 bytes for each 128 bytes of the heap's size, but at least 256 words and at most 65,536: of a
 * heap of 1 MiB 64 KiB, of one of 8 MiB or more 512 KiB.
 *
 * <p>Blocks have sizes of classes, four to each doubling. A freed block serves for blocks of its class only, until {@link #clear}.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before a call happens-before what any other does after a later call, in whatever
 * process.
 *
 * <p><b>Owner death effects.</b> If a process or thread dies during a transaction, in whatever way, the next call of anybody rolls it back
 * before it sees the blocks; a death during that is a death like any other. Nobody has to be told, and nothing has to be repaired. After a reboot of
 * the machine, of a region on a disk, every method that looks at blocks or changes them, but {@link #clear}, throws
 * {@link DataLostException}, until that was called.
 */
public final class SharedHeap {
    private final GuardedLock lock;
    private final GuardedBlock block;
    private final Heap heap;

    SharedHeap(GuardedLock lock, GuardedBlock block, Heap heap) {
        this.lock = lock;
        this.block = block;
        this.heap = heap;
    }

    /**
     * Runs a transaction.
     *
     * @param change allocates, changes and frees blocks
     * @throws TransactionTooLargeException where it changes more than the heap's journal has room for, see above; nothing was changed. The zeroes of a new block do not count, if it was not
     *     freed in this transaction
     * @throws IllegalStateException where the function caught an error, such as one for want of memory or stack, that had left a change of
     *     a block half done; nothing was changed
     */
    public void update(Consumer<? super HeapTransaction> change) {
        Objects.requireNonNull(change, "change");
        updateAndGet(transaction -> {
            change.accept(transaction);
            return "";
        });
    }

    /**
     * As {@link #update}.
     *
     * @return what the function returned
     */
    public <R> R updateAndGet(Function<? super HeapTransaction, ? extends R> change) {
        Objects.requireNonNull(change, "change");
        LockThread me = lock.acquire();
        boolean changed = false;
        try {
            heap.begin();
            R result = lend(change);
            changed = heap.commit();
            return result;
        } finally {
            release(me, changed);
        }
    }

    private <R> R lend(Function<? super HeapTransaction, ? extends R> change) {
        HeapTransaction transaction = new HeapTransaction(heap);
        try {
            return change.apply(transaction);
        } finally {
            transaction.end();
        }
    }

    /** What the function makes of the blocks as they are. */
    public <R> R read(Function<? super HeapView, ? extends R> look) {
        Objects.requireNonNull(look, "look");
        LockThread me = lock.acquire();
        try {
            heap.begin();
            HeapView view = new HeapView(heap);
            try {
                return look.apply(view);
            } finally {
                view.end();
            }
        } finally {
            release(me, false);
        }
    }

    /** Frees all blocks, and makes no block the root. Also where the data were lost, or the heap is damaged. */
    public void clear() {
        LockThread me = lock.acquireLost();
        boolean changed = false;
        try {
            heap.clear();
            changed = heap.commit();
            if (block.isLost()) {
                block.find();
            }
        } finally {
            release(me, changed);
        }
    }

    /**
     * Looks at the whole heap: every block is allocated or free, none is lost or in two places. Takes time with the number of blocks, and
     * memory with that of free ones; nobody else can use the heap meanwhile.
     *
     * @return how many blocks are allocated
     * @throws RegionException reason {@code DAMAGED}, with what is wrong
     */
    public long checkInvariants() {
        LockThread me = lock.acquire();
        try {
            heap.discard();
            return heap.checkInvariants();
        } finally {
            release(me, false);
        }
    }

    /**
     * For an operator: makes a heap usable again that somebody gave up. What was left half done is rolled back.
     *
     * @throws io.mortmain.errors.LockException reason {@code NOTHING_TO_RESET}: it was not given up; nothing was changed
     * @throws InterruptedException when interrupted while it waits for whoever holds the mutex, who may be one that resets it
     */
    public void reset() throws InterruptedException {
        lock.reset();
    }

    private void release(LockThread me, boolean changed) {
        try {
            heap.discard();
        } finally {
            lock.release(me, changed);
        }
    }

    /** How messages name it. */
    @Override
    public String toString() {
        return lock.toString();
    }
}
