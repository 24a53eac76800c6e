package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * {@code struct robust_list_head} (linux/futex.h), one per thread, registered by glibc and shared with it: C code on the same thread
 * links its mutexes into the same list. What stands before it is glibc's ({@code struct pthread}, since 2.4).
 *
 * <pre>
 *  -16       -12      -8                0                8                16               24
 *   +---------+--------+----------------+----------------+----------------+----------------+
 *   | TID of  | –      | glibc's back   | list: first    | futex_offset   | list_op_       |
 *   | thread  |        | link of head   | node, or head  | = -32          | pending        |
 *   +---------+--------+----------------+----------------+----------------+----------------+
 * </pre>
 */
public final class RobustListLayout {
    /** glibc's {@code tid}: whose list it is. */
    public static final int THREAD_ID = -16;

    public static final int FIRST = 0;
    public static final int FUTEX_OFFSET = 8;
    public static final int PENDING = 16;
    public static final int SIZE = 24;

    /** Nodes that the kernel handles when a thread dies (ROBUST_LIST_LIMIT); the oldest beyond it are lost. */
    public static final int LIMIT = 2048;

    static {
        Layouts.require(PENDING + Long.BYTES == SIZE, "list_op_pending ends the head");
    }

    private RobustListLayout() {}
}
