package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.COUNT;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE_TO_PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.PREVIOUS;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;

import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.OwnerWatch;
import io.mortmain.internal.owner.RegionTurns;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;

/**
 * The uncontended lock and unlock of glibc's robust, process-shared mutex; everything rare is in {@link SlowPaths}.
 *
 * <pre>
 *   lock                                        unlock
 *   1  pending := node                          1  pending := node
 *   2  word: 0 -> TID   (compare-and-set)       2  list head, neighbour: past the node
 *   3  kind, owner, gate looked at again        3  owner := 0, users - 1
 *   4  count := 1, node := old first            4  word: TID -> 0   (compare-and-set, else wake)
 *   5  neighbour, list head: to the node        5  pending := 0
 *   6  owner := TID, users + 1
 *   7  pending := 0
 * </pre>
 *
 * <p>Killed at any store, the kernel finds the mutex: before step 2 it is free or another's; from then on either pending or the list
 * leads to it, and pending is cleared only when the list does, or when the word is free.
 *
 * <p>Invariants:
 * <ol>
 *   <li>A thread's TID, or what it has in place of one, stands in a word only between its lock and its unlock.
 *   <li>Whenever it does, that thread's list or pending word leads to it.
 *   <li>No store is made before every condition that could refuse the acquisition was looked at, and nothing between the first store
 *       and the last can throw: no allocation, no class to load, and stack proven by {@link StackProof}.
 *   <li>The list is written only at the head and at nodes that Java linked; another first node is a slow path.
 * </ol>
 */
/*
 * Memory order. The reader of our stores is, for the list, this very thread's kernel context at death, and for the mutex's fields the
 * next holder, through the futex word. For the first, program order is enough, and a chain of release stores has it (the JIT must not
 * reorder; the hardware shows a thread its own stores in order). For the second, compareAndSet on the word is both acquire and
 * release. The plain reads at the start are of words that are looked at again after the compare-and-set (owner, gate), or that only
 * this thread writes (slot, list head, private arrays). The read of owner before the first store is also the guard against a truncated
 * file: a read faults where a compare-and-set may not. Where the neighbour's page is gone,
 * FaultRecovery undoes the acquisition. count, users and owner are read plainly while the word is held.
 *
 * Why the release is a compare-and-set and not glibc's exchange: when it fails there is somebody to wake, and the slow path must
 * announce itself to a closer of the region before the word is free; after it, the region might go, and with it the address to wake.
 *
 * Why owner and users travel as one word, and why the links of a free mutex are left as they were (nobody reads them): each access
 * through a segment costs the JIT some six hundred nodes, and after 18,000 it inlines no more into a method (NodeCountInliningCutoff). Why
 * lockProven is in one piece: beyond 325 bytecodes the JIT compiles a method apart instead of inlining it. Were it inlined too, one lock
 * would cost one or two nanoseconds less, but two nested ones would exceed those nodes, Hold.close would be left out, and the Hold be allocated. A
 * test holds the size. The proof stays outside: inlined, the caller checks its stack once. Why `words` is a local variable, and
 * comes from a method that each subclass has: as a field it would be read and compared with null anew after each store. Why rare conditions
 * share a branch (LockThread.hasRoomFor): each branch that leaves compiled code keeps alive all that the interpreter would need there.
 */
public abstract sealed class RobustProtocol {
    /**
     * The protocol over the memory of this process. Also in regions for several PID namespaces: what their threads do uncontended, and
     * what follows from it when somebody waits, asks no witness.
     */
    public static final RobustProtocol OF_THIS_PROCESS = new OfThisProcess();

    private final SlowAcquisition slowAcquisition;
    private final SlowRelease slowRelease;
    private final SlowPaths slowPaths;

    private RobustProtocol(Seam seam, int spins) {
        this.slowAcquisition = new SlowAcquisition(seam, spins);
        this.slowRelease = new SlowRelease(seam);
        this.slowPaths = new SlowPaths(slowAcquisition, slowRelease);
    }

    private static final class OfThisProcess extends RobustProtocol {
        OfThisProcess() {
            super(
                    new Seam(MappedWords.INSTANCE, LinuxKernel.INSTANCE, OwnerWatch.INSTANCE, RegionTurns.INSTANCE),
                    Waiting.SPINS);
        }

        @Override
        Words words() {
            return MappedWords.INSTANCE;
        }
    }

    private static final class OverSeam extends RobustProtocol {
        private final Words words;

        OverSeam(Seam seam, int spins) {
            super(seam, spins);
            this.words = seam.words();
        }

        @Override
        Words words() {
            return words;
        }
    }

    /** The same protocol over other words, a simulated kernel, or with another witness: for tests and explorers. */
    public static RobustProtocol over(Words words, Kernel kernel, Witness witness, MarkerTurn turn) {
        return over(words, kernel, witness, turn, Waiting.SPINS);
    }

    /**
     * One whose waiters sleep sooner or later, for an explorer of its steps.
     *
     * @param spins how often they look at a held word before
     */
    public static RobustProtocol over(Words words, Kernel kernel, Witness witness, MarkerTurn turn, int spins) {
        return new OverSeam(new Seam(words, kernel, witness, turn), spins);
    }

    /** A constant to the JIT in {@link #OF_THIS_PROCESS}, also in what it compiles apart: no other subclass is linked then. */
    abstract Words words();

    public SlowPaths slowPaths() {
        return slowPaths;
    }

    /**
     * Takes a free mutex.
     *
     * @param mutexAddress of the mutex, validated when its object was made
     * @param kind what its kind word must be
     * @return false when it must be done by {@link SlowPaths#lock}, for whatever reason; nothing is held then
     */
    public boolean lockUncontended(LockThread me, long mutexAddress, int kind, Gate gate) {
        return lockProven(me, StackProof.toAcquire(words(), me), mutexAddress, kind, gate);
    }

    /** {@link #lockUncontended} on a proven stack. */
    private boolean lockProven(LockThread me, int threadId, long mutexAddress, int kind, Gate gate) {
        Words words = words();
        long mutex = Words.aligned(mutexAddress);
        long head = Words.aligned(me.head);
        int depth = me.depth;
        long first = Words.aligned(me.nodes[depth]);
        if (threadId == 0
                || !gate.isOpen()
                || (depth >= me.shallow && !me.hasRoomFor(mutex + NODE))
                || first == mutex + NODE // a free word would be somebody else's doing, and the list get a circle
                || words.getLongPlain(head + FIRST) != first
                || owner(words.getLongPlain(mutex + OWNER)) == OWNER_NOT_RECOVERABLE) {
            return false;
        }
        long node = mutex + NODE;
        words.putLongRelease(head + PENDING, node);
        if (!words.compareAndSetInt(mutex + LOCK, 0, threadId)) {
            words.putLongRelease(head + PENDING, 0);
            return false;
        }
        long ownerAndUsers = words.getLongOpaque(mutex + OWNER);
        if (words.getIntOpaque(mutex + KIND) != kind
                || owner(ownerAndUsers) == OWNER_NOT_RECOVERABLE
                || !gate.isOpen()) {
            return slowAcquisition.acquiredInDoubt(me, mutex, kind, gate);
        }
        words.putIntRelease(mutex + COUNT, 1);
        words.putLongRelease(node, first);
        words.putLongRelease(mutex + PREVIOUS, head);
        words.putLongRelease(Words.aligned(first + NODE_TO_PREVIOUS), node);
        words.putLongRelease(head + FIRST, node);
        words.putLongRelease(mutex + OWNER, ownerAndUsers(threadId, users(ownerAndUsers) + 1));
        words.putLongRelease(head + PENDING, 0);
        me.nodes[depth + 1] = node;
        me.depth = depth + 1;
        assert me.nodes[0] == me.head : mutex;
        return true;
    }

    /**
     * Releases a mutex that is the last one this thread locked, held once, and consistent.
     *
     * @return false when it must be done by {@link SlowPaths#unlock}, for whatever reason; nothing was changed then
     */
    public boolean unlockUncontended(LockThread me, long mutexAddress, Gate gate) {
        Words words = words();
        int threadId = StackProof.toRelease(words, me);
        long mutex = Words.aligned(mutexAddress);
        long head = Words.aligned(me.head);
        int depth = me.depth;
        long[] nodes = me.nodes;
        long node = mutex + NODE;
        if (threadId == 0 // a forked child, which does not have the mutex in its memory
                || nodes[depth] != node
                || me.foreignLinks != 0) {
            return false;
        }
        long next = Words.aligned(nodes[depth - 1]);
        long ownerAndUsers = words.getLongPlain(mutex + OWNER);
        if (words.getLongPlain(head + FIRST) != node
                || words.getLongPlain(node) != next
                || owner(ownerAndUsers) != threadId
                || words.getIntPlain(mutex + COUNT) != 1) {
            return false;
        }
        words.putLongRelease(head + PENDING, node);
        words.putLongRelease(Words.aligned(next + NODE_TO_PREVIOUS), head);
        words.putLongRelease(head + FIRST, next);
        words.putLongRelease(mutex + OWNER, ownerAndUsers(0, users(ownerAndUsers) - 1));
        me.depth = depth - 1;
        if (!words.compareAndSetInt(mutex + LOCK, threadId, 0)) {
            slowRelease.releaseAndWake(me, mutex, gate);
            return true;
        }
        words.putLongRelease(head + PENDING, 0);
        return true;
    }

    private static int owner(long ownerAndUsers) {
        return (int) ownerAndUsers;
    }

    private static int users(long ownerAndUsers) {
        return (int) (ownerAndUsers >>> Integer.SIZE);
    }

    private static long ownerAndUsers(int owner, int users) {
        return Integer.toUnsignedLong(owner) | (long) users << Integer.SIZE;
    }
}
