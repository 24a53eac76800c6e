package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * One of the owner records of a region for several PID namespaces: whose it is says the lock that a process holds on its first byte
 * (fcntl(2), F_OFD_SETLK), and nothing else. What is written in it is for people and messages, by the process that has the lock.
 *
 * <pre>
 *   0         4         8                16               24                              64
 *   +---------+---------+----------------+----------------+-------------------------------+
 *   | genera- | process | PID namespace  | claimed, ns    | zero                          |
 *   | tion    | number  | inode          | since 1970     |                               |
 *   +---------+---------+----------------+----------------+-------------------------------+
 * </pre>
 *
 * <p>The generation counts the claims of the record. The process number is that of the process in its own PID namespace.
 */
public final class OwnerRecordLayout {
    public static final int GENERATION = 0;
    public static final int PROCESS = 4;
    public static final int PID_NAMESPACE = 8;
    public static final int CLAIMED = 16;
    public static final int RESERVED = 24;

    /** A cache line. */
    public static final int SIZE = 64;

    static {
        Layouts.require(PROCESS + Integer.BYTES == PID_NAMESPACE, "no hole after the process number");
        Layouts.require(PID_NAMESPACE + Long.BYTES == CLAIMED && CLAIMED + Long.BYTES == RESERVED, "longs are aligned");
        Layouts.require(RESERVED <= SIZE, "the fields fit");
    }

    private OwnerRecordLayout() {}
}
