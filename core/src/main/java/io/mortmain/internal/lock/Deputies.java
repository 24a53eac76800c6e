package io.mortmain.internal.lock;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Deputies that hold nothing and wait for a principal; the one that worked last is used first, and the others end after some seconds. */
final class Deputies {
    /** More would cost memory after a burst; fewer would have threads started again and again. */
    private static final int MOST_IDLE = 64;

    private static final Deque<Deputy> IDLE = new ArrayDeque<>(MOST_IDLE + 1);

    private Deputies() {}

    static Deputy borrow(Principal principal) {
        Deputy idle = firstIdle();
        return idle == null ? Deputy.start(principal) : idle;
    }

    private static synchronized @Nullable Deputy firstIdle() {
        return IDLE.pollFirst();
    }

    static void giveBack(Deputy deputy) {
        if (!keep(deputy)) {
            deputy.dismiss();
        }
    }

    private static synchronized boolean keep(Deputy deputy) {
        if (IDLE.size() == MOST_IDLE) {
            return false;
        }
        IDLE.addFirst(deputy);
        return true;
    }

    /** Whether the deputy was idle, and may end now. */
    static synchronized boolean retire(Deputy deputy) {
        return IDLE.remove(deputy);
    }
}
