package io.mortmain.internal.owner;

/**
 * What can be seen of a living thread, and of the word of a mutex that has its number, while the thread may run: each answer may be out
 * of date when it is given. A seam, as {@code Kernel} is: in production {@link LinuxHolderView}.
 */
abstract class HolderView {
    /** Whence an {@link OwnerWatch} has its views. */
    interface Source {
        /**
         * One for each watch.
         *
         * @param mutex its address in this process
         */
        HolderView of(long mutex, int threadId);
    }

    /** One look at its robust list. */
    abstract RobustListLook.Verdict lookAtList();

    /** Whether the word has its number. */
    abstract boolean isInWord();

    /** How often it has left a processor; -1 while it is on one or waits for one, or where that cannot be seen. */
    abstract long switchesWhileAsleep();

    /** Whether it was off every processor, and not about to run, at one moment during the call. False where that cannot be seen. */
    abstract boolean wasOffProcessor();

    /**
     * Whether it slept, at one moment during the call, until the mutex that its pending word leads to is free: in a wait of futex(2) for
     * that very word. False where that cannot be seen.
     */
    abstract boolean sleepsBeforePendingMutex();

    /** Lets so much time pass, or more. */
    abstract void pause(long nanos);
}
