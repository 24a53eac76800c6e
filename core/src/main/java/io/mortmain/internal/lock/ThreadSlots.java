package io.mortmain.internal.lock;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.words.MappedWords;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Hands out the private native memory of threads, from pages that the kernel wipes in a forked child. Never returned to the kernel. */
final class ThreadSlots {
    private static final Deque<Long> FREE = new ArrayDeque<>();
    private static final ReferenceQueue<LockThread> UNREACHABLE = new ReferenceQueue<>();
    private static final Set<Lease> LEASES = new HashSet<>();

    /** A word that is 1 here and 0 in a forked child. */
    private static final long SAME_PROCESS = mark();

    /** A slot that is free once nobody can use its thread any more. */
    private static final class Lease extends PhantomReference<LockThread> {
        private final long slot;

        Lease(LockThread user) {
            super(user, UNREACHABLE);
            this.slot = user.slot;
        }
    }

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
        for (Lease ended = (Lease) UNREACHABLE.poll(); ended != null; ended = (Lease) UNREACHABLE.poll()) {
            LEASES.remove(ended);
            FREE.addLast(ended.slot);
        }
        if (FREE.isEmpty()) {
            long page = AddressSpace.reserveWipedOnFork(AddressSpace.PAGE_SIZE);
            for (long at = 0; at < AddressSpace.PAGE_SIZE; at += ThreadSlotLayout.SIZE) {
                FREE.addLast(page + at);
            }
        }
        return FREE.removeFirst();
    }

    /** As {@link #giveBack}, as soon as nobody has the object any more: stale mutexes of a closed region may, as long as they exist. */
    static synchronized void giveBackAfter(LockThread user) {
        LEASES.add(new Lease(user));
    }

    static synchronized void giveBack(long slot) {
        FREE.addLast(slot);
    }
}
