package io.mortmain.internal.fork;

/**
 * The memory that the machine code and Java share, pages in a row, so that the code finds it by distance from itself:
 *
 * <pre>
 *  page 0   code            readable and executable
 *  page 1   bell            wiped by the kernel in a forked child, where nobody would answer
 *             0   TURN      0 free; else the number of the thread that forks, and in the upper bits how far it is:
 *                           none: waits for the prepare hooks | PREPARED: they are done | RETURNED: its fork is over
 *             4   LIMIT     how many slices a thread waits at most; 0: nobody answers, do not wait
 *             8   SERVICE   number of the thread that answers
 *            12   NESTED    forks begun by signal handlers within the fork whose turn it is
 *            16   MISSED    threads that did not get the turn in time
 *            20   GAVE_UP   threads that had it, and were not answered in time
 *            24   BY_SERVICE twice the forks of the thread that answers
 *            32   SLICE     struct timespec: one wait
 *            48   SECOND    struct timespec, for Java's side
 *  page 2   steps           what a child does, kept in it: {system call, four arguments}, 40 bytes each; a negative number ends them
 *  to 17                    room for 1,637, in pages of 4,096 bytes
 * </pre>
 */
final class ForkPages {
    static final int STEP_PAGES = 16;
    static final int PAGES = 2 + STEP_PAGES;

    static final int TURN = 0;
    static final int LIMIT = 4;
    static final int SERVICE = 8;
    static final int NESTED = 12;
    static final int MISSED = 16;
    static final int GAVE_UP = 20;
    static final int BY_SERVICE = 24;
    static final int SLICE = 32;
    static final int SECOND = 48;

    static final int PREPARED = 0x4000_0000;
    static final int RETURNED = 0x8000_0000;
    static final int THREAD_MASK = 0x3fff_ffff;

    static final int STEP_SIZE = 40;
    static final int STEP_ARGUMENTS = 8;

    private ForkPages() {}
}
