package io.mortmain.testing;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The calling thread's robust list as the kernel would find it, and the marks that the kernel leaves. */
public final class RobustList {
    private static final MappedWords WORDS = MappedWords.INSTANCE;

    private RobustList() {}

    /** Addresses of the mutexes on the list, the last locked first; fails unless each back link is right and pending is 0. */
    public static List<Long> listed() {
        long head = KernelThread.robustListHead();
        List<Long> listed = new ArrayList<>();
        long before = head;
        long node = address(WORDS.getLongPlain(head + RobustListLayout.FIRST));
        while (node != head) {
            require(listed.size() <= RobustListLayout.LIMIT, "the list has an end");
            require(previous(node) == before, "the back link of node " + listed.size() + " is right");
            listed.add(node - GlibcMutexLayout.NODE);
            before = node;
            node = address(WORDS.getLongPlain(node));
        }
        require(previous(head) == before, "the back link of the head is right");
        require(WORDS.getLongPlain(head + RobustListLayout.PENDING) == 0, "pending is 0");
        return listed;
    }

    /** Whether the thread with this head holds nothing, and says so everywhere. Allocates nothing. */
    public static boolean isEmpty(long head) {
        return WORDS.getLongPlain(head + RobustListLayout.FIRST) == head
                && WORDS.getLongPlain(head + GlibcMutexLayout.NODE_TO_PREVIOUS) == head
                && WORDS.getLongPlain(head + RobustListLayout.PENDING) == 0;
    }

    /** The words of the head as they are, for a message. */
    public static String describe() {
        long head = KernelThread.robustListHead();
        return "head " + Long.toHexString(head) + " leads to "
                + Long.toHexString(WORDS.getLongPlain(head + RobustListLayout.FIRST)) + " and back to "
                + Long.toHexString(WORDS.getLongPlain(head + GlibcMutexLayout.NODE_TO_PREVIOUS)) + ", pending is "
                + Long.toHexString(WORDS.getLongPlain(head + RobustListLayout.PENDING));
    }

    private static long previous(long node) {
        return address(WORDS.getLongPlain(node + GlibcMutexLayout.NODE_TO_PREVIOUS));
    }

    private static long address(long link) {
        return link & ~GlibcMutexLayout.LINK_PI;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("the robust list is broken: " + rule);
        }
    }

    public static int word(long mutex) {
        return WORDS.getIntVolatile(mutex + GlibcMutexLayout.LOCK);
    }

    /** Waits until the kernel has marked the mutex: a join of its holder may return before. */
    public static void awaitMark(long mutex) {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
        while ((word(mutex) & GlibcMutexLayout.OWNER_DIED) == 0) {
            if (System.nanoTime() - guard > 0) {
                throw new AssertionError("the death was lost: word " + Integer.toHexString(word(mutex)));
            }
            Thread.onSpinWait();
        }
    }
}
