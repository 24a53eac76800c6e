package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.FUTEX_OFFSET;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE_TO_PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.MappedWords;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Simulated memory with a kernel, two threads, mutexes of Java and mutexes of C code, and the shipped protocol over them. */
final class SimulatedWorld {
    static final int MINE = 1001;
    static final int OTHERS = 1002;
    /** Of a third thread, where a test has one. */
    static final int THIRDS = 1003;

    static final int ERROR_CHECKING =
            GlibcMutexLayout.KIND_ERROR_CHECKING | GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED;
    static final int RECURSIVE =
            GlibcMutexLayout.KIND_RECURSIVE | GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED;

    private static final long HEADS = HeapWords.BASE + 64;
    private static final long MUTEXES = HeapWords.BASE + 4096;
    private static final long C_MUTEXES = HeapWords.BASE + 0x4_0000;
    /** The slots are private memory, for which the protocol goes past the seam. */
    private static final long MY_SLOT = slot(MINE);

    private static final long OTHERS_SLOT = slot(OTHERS);
    private static final long THIRDS_SLOT = slot(THIRDS);

    final HeapWords words;
    final SimulatedKernel kernel;
    final RobustProtocol protocol;
    final SlowPaths slowPaths;
    final LockThread me;
    final LockThread other;
    final LockThread third;
    final Gate gate = new Gate();

    SimulatedWorld(HeapWords words) {
        this(words, new SimulatedKernel(words), Witness.BLIND, MarkerTurn.UNDISPUTED);
    }

    SimulatedWorld(HeapWords words, SimulatedKernel kernel, Witness witness, MarkerTurn turn) {
        this.words = words;
        this.kernel = kernel;
        this.protocol = RobustProtocol.over(words, kernel, witness, turn);
        this.slowPaths = protocol.slowPaths();
        this.me = thread(HEADS, MINE, MY_SLOT);
        this.other = thread(HEADS + 128, OTHERS, OTHERS_SLOT);
        this.third = thread(HEADS + 256, THIRDS, THIRDS_SLOT);
        for (int i = 0; i < 16; i++) {
            words.poke(mutex(i) + KIND, ERROR_CHECKING);
            words.poke(c(i) + KIND, ERROR_CHECKING);
        }
    }

    private static long slot(int threadId) {
        long slot = Arena.global().allocate(ThreadSlotLayout.SIZE, 64).address();
        MappedWords.INSTANCE.putIntRelease(slot + ThreadSlotLayout.THREAD_ID, threadId);
        return slot;
    }

    private LockThread thread(long head, int threadId, long slot) {
        words.pokeLong(head + FIRST, head);
        words.pokeLong(head + NODE_TO_PREVIOUS, head);
        words.pokeLong(head + RobustListLayout.FUTEX_OFFSET, FUTEX_OFFSET);
        return new LockThread(Thread.currentThread(), threadId, slot, head);
    }

    long mutex(int index) {
        return MUTEXES + (long) index * MutexSlotLayout.SIZE;
    }

    long c(int index) {
        return C_MUTEXES + (long) index * MutexSlotLayout.SIZE;
    }

    int kind(long mutex) {
        return words.load(mutex + KIND);
    }

    /** As {@code RobustMutex.tryLock}. */
    Outcome lock(LockThread thread, long mutex) {
        return lock(thread, mutex, 0);
    }

    Outcome lock(LockThread thread, long mutex, long nanos) {
        int kind = ERROR_CHECKING == kind(mutex) || RECURSIVE == kind(mutex) ? kind(mutex) : ERROR_CHECKING;
        return protocol.lockUncontended(thread, mutex, kind, gate)
                ? Outcome.ACQUIRED
                : slowPaths.lock(thread, mutex, kind, gate, nanos, false);
    }

    /** As {@code Hold.close}. */
    Outcome unlock(LockThread thread, long mutex) {
        return protocol.unlockUncontended(thread, mutex, gate)
                ? Outcome.RELEASED
                : slowPaths.unlock(thread, mutex, kind(mutex), gate);
    }

    /** The other thread takes it and dies. */
    void diedElsewhere(long mutex) {
        lock(other, mutex);
        kernel.exit(other.head, OTHERS);
        forget(other);
    }

    /** A thread that ended begins anew, with the same number. */
    void forget(LockThread thread) {
        words.pokeLong(thread.head + FIRST, thread.head);
        words.pokeLong(thread.head + NODE_TO_PREVIOUS, thread.head);
        words.pokeLong(thread.head + PENDING, 0);
        while (thread.depth > 0) {
            thread.remove(thread.depth);
        }
        thread.leave();
    }

    /** What pthread_mutex_lock does on this thread, as far as the list and the word go (glibc nptl/descr.h). */
    void cLock(int index) {
        long node = c(index) + NODE;
        long first = words.loadLong(me.head + FIRST);
        words.poke(c(index) + LOCK, MINE);
        words.poke(c(index) + OWNER, MINE);
        words.pokeLong(first + NODE_TO_PREVIOUS, node);
        words.pokeLong(node, first);
        words.pokeLong(node + NODE_TO_PREVIOUS, me.head);
        words.pokeLong(me.head + FIRST, node);
    }

    void cUnlock(int index) {
        long node = c(index) + NODE;
        long next = words.loadLong(node);
        long previous = words.loadLong(node + NODE_TO_PREVIOUS);
        words.pokeLong(next + NODE_TO_PREVIOUS, previous);
        words.pokeLong(previous, next);
        words.pokeLong(node, 0);
        words.pokeLong(node + NODE_TO_PREVIOUS, 0);
        words.poke(c(index) + OWNER, 0);
        words.poke(c(index) + LOCK, 0);
    }

    /** Every mutex whose word has my number. */
    List<Long> mine() {
        List<Long> mine = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            for (long mutex : new long[] {mutex(i), c(i)}) {
                if ((words.load(mutex + LOCK) & TID_MASK) == MINE) {
                    mine.add(mutex);
                }
            }
        }
        return mine;
    }

    /** The mutexes on a thread's list, the last locked first; throws unless each has the right back link and pending is 0. */
    List<Long> listed(LockThread thread) {
        List<Long> listed = new ArrayList<>();
        long before = thread.head;
        long node = words.loadLong(thread.head + FIRST);
        while (node != thread.head) {
            require(listed.size() < RobustListLayout.LIMIT, "the list ends");
            require(words.loadLong(node + NODE_TO_PREVIOUS) == before, "back link of the node after " + listed);
            listed.add(node - NODE);
            before = node;
            node = words.loadLong(node);
        }
        require(words.loadLong(thread.head + NODE_TO_PREVIOUS) == before, "back link of the head");
        require(words.loadLong(thread.head + PENDING) == 0, "pending is 0");
        return listed;
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("broken: " + rule);
        }
    }
}
