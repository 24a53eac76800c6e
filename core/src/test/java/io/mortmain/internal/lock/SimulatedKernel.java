package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.LINK_PI;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.words.Kernel;
import java.util.HashMap;
import java.util.Map;

/**
 * What Linux does, over {@link HeapWords}: sleeping and waking, memory that may not be mapped, and the walk of the robust list when a
 * thread ends ({@code exit_robust_list} and {@code handle_futex_death}, linux kernel/futex/core.c).
 */
class SimulatedKernel extends Kernel {
    private final HeapWords words;
    private final Map<Long, Integer> wakes = new HashMap<>();
    private long transferred;
    private long clock;
    private Runnable whileAsleep = () -> {};

    SimulatedKernel(HeapWords words) {
        this.words = words;
    }

    /** What others do while the thread sleeps. */
    void whileAsleep(Runnable action) {
        whileAsleep = action;
    }

    /** How many were asked to be woken from the word, by anyone. */
    int wakes(long word) {
        return wakes.getOrDefault(word, 0);
    }

    @Override
    public void await(long address, int expected, long nanos, long scratch) {
        if (words.step(address) && words.load(address) == expected) {
            clock += nanos;
            whileAsleep.run();
        }
    }

    @Override
    public void wake(long address, int count) {
        if (words.step(address)) {
            wakeUp(address, count);
        }
    }

    /** Wakes, whoever asked for it. */
    void wakeUp(long word, int count) {
        assert count > 0;
        wakes.merge(word, 1, Integer::sum);
    }

    @Override
    public boolean tryReadLong(long address, long scratch) {
        boolean mapped = HeapWords.isMapped(address);
        if (mapped) {
            transferred = words.loadLong(address);
        }
        return mapped;
    }

    @Override
    public long transferred(long scratch) {
        return transferred;
    }

    @Override
    public boolean tryWriteLong(long address, long value, long scratch) {
        boolean mapped = HeapWords.isMapped(address);
        if (mapped && words.step(address)) {
            words.pokeLong(address, value);
        }
        return mapped;
    }

    @Override
    public long nanoTime() {
        return clock;
    }

    @Override
    public boolean threadExists(int threadId) {
        return threadId == SimulatedWorld.MINE || threadId == SimulatedWorld.OTHERS;
    }

    /** The thread ends: everything that its list or its pending word leads to and that carries its number is marked. */
    void exit(long head, int threadId) {
        long pending = words.loadLong(head + RobustListLayout.PENDING);
        long entry = words.loadLong(head + RobustListLayout.FIRST);
        for (int left = RobustListLayout.LIMIT; left > 0 && address(entry) != head; left--) {
            long node = address(entry);
            boolean readable = HeapWords.isMapped(node);
            long next = readable ? words.loadLong(node) : 0;
            if (node != address(pending) && !die(head, entry, threadId, false)) {
                return;
            }
            if (!readable) {
                return; // a fault ends the walk, and the pending one is not looked at
            }
            entry = next;
        }
        if (pending != 0) {
            die(head, pending, threadId, true);
        }
    }

    private boolean die(long head, long entry, int threadId, boolean isPending) {
        long word = address(entry) + words.loadLong(head + RobustListLayout.FUTEX_OFFSET);
        boolean inheriting = (entry & LINK_PI) != 0;
        if (word % Integer.BYTES != 0 || !HeapWords.isMapped(word)) {
            return false;
        }
        int value = words.load(word);
        if (isPending && !inheriting && (value & TID_MASK) == 0) {
            wakeUp(word, 1);
            return true;
        }
        if ((value & TID_MASK) == threadId) {
            words.poke(word, (value & WAITERS) | OWNER_DIED);
            if (!inheriting && (value & WAITERS) != 0) {
                wakeUp(word, 1);
            }
        }
        return true;
    }

    private static long address(long entry) {
        return entry & ~LINK_PI;
    }
}
