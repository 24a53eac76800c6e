package io.mortmain.internal.lock;

import io.mortmain.errors.LockException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one OS thread needs to take robust mutexes: its number, in memory that a forked child finds wiped; its robust list head, which
 * belongs to glibc; and, in private memory, the nodes that Java code linked there. Used by its own thread only, but for
 * {@link #gateInside}, {@link #mutexInside} and {@link #actsFor}. Who has a {@link Deputy} instead has one without number and list, on which
 * each uncontended path ends at its first look. In a region for several PID namespaces a thread has another, for this region only, with a
 * number that the kernel does not know and a list that it does not walk.
 *
 * <p>Invariants, outside of an operation:
 * <ol>
 *   <li>{@code nodes[0] == head}; {@code nodes[1..depth]} are the nodes of the mutexes held through Java, oldest first.
 *   <li>Each of {@code nodes[0..depth]} may be dereferenced: the head lives as long as the thread, and a region with a held mutex
 *       cannot be closed.
 *   <li>{@code below[i]} is 0 when the list went on from node i to {@code nodes[i - 1]} as far as this thread knows, else the link
 *       that it had when node i was linked, or what followed it was unlinked: mostly to a node of C code.
 *   <li>{@code limit < nodes.length}, and at depths under {@code limit} the list has fewer than {@link RobustListLayout#LIMIT}
 *       nodes, those of C code that were there at the last count included.
 *   <li>The head's pending word is 0.
 *   <li>{@code shallow} is {@code limit}, but at most 2: at depths under it there is room, and no mutex is held but that of the first node.
 * </ol>
 */
public final class LockThread {
    private static final int FIRST_CAPACITY = 16;
    /** Stands where no thread has been yet; never current. */
    public static final LockThread NOBODY = new LockThread(new Thread("nobody"), 0, 0, 0);

    /** Never a thread's, so the number in it is 0: whoever has a deputy has no number of its own. */
    private static final class SlotOfNobody {
        static final long SLOT = ThreadSlots.take();
    }

    private static final ThreadLocal<LockThread> CURRENT = ThreadLocal.withInitial(LockThread::ofCurrentThread);

    final long slot;
    final long head;
    /** The number; valid only while the slot has it too, see {@link StackProof}. */
    final int cachedThreadId;

    long[] nodes;
    long[] below;
    int depth;
    private int limit;
    int shallow;
    /** How many of {@code below} are not 0; the uncontended release asks, so that it never leaves one behind. */
    int foreignLinks;
    /** What {@code owner} held when the last told acquisition found it. */
    int predecessor;
    /** Of a deputy: how many mutexes it holds by other numbers, in regions for several PID namespaces. */
    int heldElsewhere;
    /** Where this thread waits or hands over, for a closer to see; written by this thread only. */
    private volatile @Nullable Gate gateInside;

    private volatile long mutexInside;

    private final Thread thread;
    /** Whose deputy does the locking, if there is no OS thread behind this; see {@link SlowPaths}. */
    final @Nullable Principal principal;
    /** For whom this thread, a deputy, locks. */
    private volatile @Nullable Principal actsFor;

    /**
     * One over memory that the caller made, for tests of the protocol.
     *
     * @param slot private native memory of {@code ThreadSlotLayout}, with the number in it
     * @param head of an empty list
     */
    public LockThread(Thread thread, int threadId, long slot, long head) {
        this(thread, threadId, slot, head, FIRST_CAPACITY, null);
    }

    private LockThread(Thread thread, int threadId, long slot, long head, int capacity, @Nullable Principal principal) {
        this.thread = thread;
        this.cachedThreadId = threadId;
        this.slot = slot;
        this.head = head;
        this.nodes = new long[capacity];
        this.below = new long[capacity];
        this.nodes[0] = head;
        this.limit = capacity - 1;
        this.shallow = shallowOf(limit);
        this.principal = principal;
    }

    /** The calling thread's; made at its first lock. Throws where the thread cannot hold a robust mutex, with the reason. */
    public static LockThread current() {
        return CURRENT.get();
    }

    /** One for a hold that any thread may close; the calling thread is named in messages. */
    public static LockThread forHandOver() {
        requireNotForked();
        return deputised(NOBODY.thread, new Principal(Thread.currentThread(), true));
    }

    private static LockThread deputised(Thread thread, Principal principal) {
        return new LockThread(thread, 0, SlotOfNobody.SLOT, 0, 1, principal);
    }

    private static LockThread ofCurrentThread() {
        Thread thread = Thread.currentThread();
        requireNotForked();
        if (thread.isVirtual()) {
            return deputised(thread, new Principal(thread, false));
        }
        try {
            return register(thread, KernelThread.robustListHead());
        } catch (LinuxException refused) {
            throw new LockException(
                    LockException.Reason.UNSUPPORTED_THREAD,
                    "thread \"" + thread.getName() + "\" cannot take a robust mutex: " + refused.getMessage(),
                    refused);
        }
    }

    private static LockThread register(Thread thread, long head) {
        Words words = MappedWords.INSTANCE;
        if (head == 0) {
            throw noRobustList(thread, "none is registered for it");
        }
        long offset = words.getLongPlain(head + RobustListLayout.FUTEX_OFFSET);
        if (offset != GlibcMutexLayout.FUTEX_OFFSET) {
            throw noRobustList(
                    thread,
                    "the registered one has futex_offset " + offset + " where glibc's has "
                            + GlibcMutexLayout.FUTEX_OFFSET);
        }
        LockThread made = new LockThread(thread, KernelThread.id(), ThreadSlots.take(), head);
        words.putIntRelease(made.slot + ThreadSlotLayout.THREAD_ID, made.cachedThreadId);
        LockThreads.add(made);
        return made;
    }

    /**
     * One for an OS thread in a region for several PID namespaces: by a number that the kernel does not know, with a list that the kernel
     * does not walk.
     */
    static LockThread withNumber(Thread thread, int number) {
        Words words = MappedWords.INSTANCE;
        long slot = ThreadSlots.take();
        long head = slot + ThreadSlotLayout.PRIVATE_HEAD;
        words.putLongRelease(head + RobustListLayout.FIRST, head);
        words.putLongRelease(head + GlibcMutexLayout.NODE_TO_PREVIOUS, head);
        words.putLongRelease(head + RobustListLayout.FUTEX_OFFSET, GlibcMutexLayout.FUTEX_OFFSET);
        words.putLongRelease(head + RobustListLayout.PENDING, 0);
        words.putIntRelease(slot + ThreadSlotLayout.THREAD_ID, number);
        LockThread made = new LockThread(thread, number, slot, head);
        ThreadSlots.giveBackAfter(made);
        return made;
    }

    static void requireNotForked() {
        if (ThreadSlots.isForkedChild()) {
            throw new LockException(
                    LockException.Reason.FORKED_CHILD,
                    "this process was forked from one that used Mortmain, and goes on in Java, where nothing can be promised;"
                            + " start processes with Spawn instead of fork");
        }
    }

    private static LockException noRobustList(Thread thread, String why) {
        return new LockException(
                LockException.Reason.UNSUPPORTED_THREAD,
                "thread \"" + thread.getName() + "\" has no robust list of glibc (" + why
                        + "), so its death would tell nobody;"
                        + " start it through the JDK or pthread_create, not under an emulator or a filter for set_robust_list");
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself
    public boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    public Thread thread() {
        return thread;
    }

    /** Whether a deputy does the locking. */
    public boolean isDeputised() {
        return principal != null;
    }

    /** Whether a deputy holds for whichever thread comes to release. */
    public boolean isAnybodys() {
        return principal != null && principal.isAnybodys();
    }

    /** For whom this thread locks, if it is a deputy at work. */
    @Nullable
    Principal actsFor() {
        return actsFor;
    }

    /** For whom this deputy locks from now on, so that messages name him. */
    void actFor(@Nullable Principal principal) {
        actsFor = principal;
    }

    /** How messages name who locks here: the thread, or whoever it is a deputy of. */
    public String name() {
        Principal other = actsFor;
        return other == null ? LockThreads.nameOf(thread) : other.toString();
    }

    /** The thread's number as words have it, the kernel's or one of {@code OwnerNumberLayout}; 0 in a forked child. */
    public int threadId() {
        return MappedWords.INSTANCE.getIntPlain(slot + ThreadSlotLayout.THREAD_ID);
    }

    /** How many mutexes the thread holds through Java. */
    public int depth() {
        return depth;
    }

    /** What the futex owner field said of the dead holder: a TID, 0 for unknown, or the inconsistent mark. */
    public int predecessor() {
        return predecessor;
    }

    /** Announces to a closer that this thread is about to wait for, or to hand over, a mutex behind the gate. */
    void enter(Gate gate, long mutex) {
        mutexInside = mutex;
        gateInside = gate;
    }

    void leave() {
        gateInside = null;
    }

    /** The mutex behind the gate that this thread waits for or hands over, or 0; for the closer. */
    public long mutexInside(Gate gate) {
        return gateInside == gate ? mutexInside : 0;
    }

    /** Position of the node among those held, or 0. */
    int indexOf(long node) {
        for (int i = depth; i > 0; i--) {
            if (nodes[i] == node) {
                return i;
            }
        }
        return 0;
    }

    /** Whether one more node, which is not among those held, may be linked without {@link ForeignLinks#reserve}. */
    boolean hasRoomFor(long node) {
        return depth < limit && indexOf(node) == 0;
    }

    boolean hasRoom() {
        return depth < limit;
    }

    /** Up to which depth nodes may be linked before they are counted anew. */
    void limitTo(int most) {
        limit = most;
        shallow = shallowOf(most);
    }

    private static int shallowOf(int limit) {
        return Math.min(limit, 2);
    }

    /** Makes room for one node more, so that {@link #push} cannot fail. */
    void reserve() {
        if (depth + 1 >= nodes.length) {
            int capacity = Math.min(nodes.length * 2, RobustListLayout.LIMIT + 2);
            long[] moreNodes = Arrays.copyOf(nodes, capacity);
            long[] moreBelow = Arrays.copyOf(below, capacity);
            nodes = moreNodes; // both or none: there may be memory for one copy only
            below = moreBelow;
        }
    }

    void push(long node, long foreignBelow) {
        depth++;
        nodes[depth] = node;
        setBelow(depth, foreignBelow);
    }

    /** Forgets node {@code index}. */
    void remove(int index) {
        setBelow(index, 0);
        System.arraycopy(nodes, index + 1, nodes, index, depth - index);
        System.arraycopy(below, index + 1, below, index, depth - index);
        below[depth] = 0;
        depth--;
    }

    /** The link that node {@code index} has as far as this thread knows, 0 for the node of this thread below it. */
    void setBelow(int index, long link) {
        foreignLinks += (link == 0 ? 0 : 1) - (below[index] == 0 ? 0 : 1);
        below[index] = link;
    }

    /** Throws unless the invariants of the class hold. */
    public void checkInvariants() {
        require(nodes[0] == head, "nodes[0] is the head");
        require(depth >= 0 && depth < nodes.length && nodes.length == below.length, "depth within the arrays");
        require(depth <= limit && limit < nodes.length, "depth within the limit, limit within the arrays");
        require(shallow == shallowOf(limit), "shallow depths have room");
        for (int i = 1; i <= depth; i++) {
            require(nodes[i] != 0 && nodes[i] != head, "node " + i + " is a mutex's");
        }
        int foreign = 0;
        for (int i = 0; i < below.length; i++) {
            require(below[i] == 0 || (i > 0 && i <= depth), "no foreign link above the depth");
            foreign += below[i] == 0 ? 0 : 1;
        }
        require(foreign == foreignLinks, "foreign links are counted");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("LockThread breaks its invariant: " + rule);
        }
    }
}
