package io.mortmain.internal.lock;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.words.MappedWords;
import java.util.ArrayDeque;
import java.util.Deque;

/** Hands out the private native memory of threads, from pages that the kernel wipes in a forked child. Never returned to the kernel. */
final class ThreadSlots {
    private static final Deque<Long> FREE = new ArrayDeque<>();

    /** A word that is 1 here and 0 in a forked child. */
    private static final long SAME_PROCESS = mark();

    private ThreadSlots() {}

    private static long mark() {
        long page = AddressSpace.reserveWipedOnFork(AddressSpace.PAGE_SIZE);
        MappedWords.INSTANCE.putIntRelease(page, 1);
        return page;
    }

    /** Whether this process was forked, without exec, from the one that loaded the library. */
    static boolean isForkedChild() {
        return MappedWords.INSTANCE.getIntVolatile(SAME_PROCESS) == 0;
    }

    static synchronized long take() {
        if (FREE.isEmpty()) {
            long page = AddressSpace.reserveWipedOnFork(AddressSpace.PAGE_SIZE);
            for (long at = 0; at < AddressSpace.PAGE_SIZE; at += ThreadSlotLayout.SIZE) {
                FREE.addLast(page + at);
            }
        }
        return FREE.removeFirst();
    }

    static synchronized void giveBack(long slot) {
        FREE.addLast(slot);
    }
}
