package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

/** A futex word of a test, whose numbers are known only when there are threads. */
record FutexWord(Holder holder, int bits) {
    static final FutexWord FREE = new FutexWord(Holder.NOBODY, 0);
    static final FutexWord MINE = new FutexWord(Holder.MINE, 0);
    static final FutexWord A_STRANGERS = new FutexWord(Holder.A_STRANGER, 0);
    static final FutexWord THE_FIRST_THREADS = new FutexWord(Holder.THE_FIRST_THREAD, 0);
    /** Marked by the kernel. */
    static final FutexWord DEAD = new FutexWord(Holder.NOBODY, OWNER_DIED);

    private static final int NOBODYS_NUMBER = TID_MASK - 1;

    /** Whose number is in it. */
    enum Holder {
        NOBODY,
        /** The thread that has the list. */
        MINE,
        /** The first thread of its process, which may be the same. */
        THE_FIRST_THREAD,
        A_STRANGER
    }

    /** The numbers in one run. */
    record Numbers(int mine, int firstThread) {}

    FutexWord and(int more) {
        return new FutexWord(holder, bits | more);
    }

    /** The same, and somebody sleeps on it. */
    FutexWord waited() {
        return and(WAITERS);
    }

    int value(Numbers numbers) {
        return bits
                | switch (holder) {
                    case NOBODY -> 0;
                    case MINE -> numbers.mine();
                    case THE_FIRST_THREAD -> numbers.firstThread();
                    case A_STRANGER -> NOBODYS_NUMBER;
                };
    }
}
