package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;
import io.mortmain.internal.linux.Platform;

/**
 * glibc's {@code pthread_mutex_t} on 64-bit machines, whose first 40 bytes are the same on x86_64 and aarch64
 * (sysdeps/nptl/bits/struct_mutex.h).
 *
 * <pre>
 *   0         4         8         12        16        20        24               32               40
 *   +---------+---------+---------+---------+---------+---------+----------------+----------------+
 *   | lock    | count   | owner   | nusers  | kind    | spins   | prev           | next           |
 *   +---------+---------+---------+---------+---------+---------+----------------+----------------+
 *     futex     depth     TID or    users     type and            list node, the address that the
 *     word                special             flags               kernel's robust list has is that of next
 * </pre>
 *
 * <p>The futex word:
 *
 * <pre>
 *   bit 31 WAITERS   bit 30 OWNER_DIED   bits 0-29 TID of the holder
 *        0                 0                 0       free
 *        0                 0                 t       held by t, nobody sleeps
 *        1                 0                 t       held by t, somebody may sleep: the release must wake
 *        x                 1                 0       the holder died; the next acquirer is told
 *        1                 0                 0       never stored by us
 * </pre>
 *
 * <p>{@code owner} holds the holder's TID, 0, {@link #OWNER_INCONSISTENT} while a told acquirer has not yet declared the data
 * consistent, or {@link #OWNER_NOT_RECOVERABLE} once one gave up.
 */
public final class GlibcMutexLayout {
    public static final int LOCK = 0;
    public static final int COUNT = 4;
    public static final int OWNER = 8;
    public static final int USERS = 12;
    public static final int KIND = 16;
    public static final int SPINS = 20;
    public static final int PREVIOUS = 24;
    /** Where the robust list's node stands: a node's address is the mutex's plus this. */
    public static final int NODE = 32;
    /** {@code sizeof(pthread_mutex_t)} of this machine: 40 or 48 bytes. */
    public static final int SIZE = Platform.current().mutexSize();

    /** From a node to its futex word; the kernel adds it, and a list head with another value is not glibc's. */
    public static final long FUTEX_OFFSET = LOCK - NODE;
    /** From a node to the back link beside it. The word at the head's address plus this is the head's own back link. */
    public static final int NODE_TO_PREVIOUS = PREVIOUS - NODE;
    /** Bit 0 of a link: the node it points to belongs to a priority-inheriting mutex. */
    public static final long LINK_PI = 1;

    public static final int WAITERS = 0x8000_0000;
    public static final int OWNER_DIED = 0x4000_0000;
    public static final int TID_MASK = 0x3fff_ffff;

    public static final int OWNER_INCONSISTENT = 0x7fff_ffff;
    public static final int OWNER_NOT_RECOVERABLE = 0x7fff_fffe;

    /** Ours: the machine was rebooted since the mutex was used; no thread's number, and read by nobody else. */
    public static final int OWNER_REBOOTED = 0x7fff_fffd;

    public static final int KIND_NORMAL = 0;
    public static final int KIND_RECURSIVE = 1;
    public static final int KIND_ERROR_CHECKING = 2;
    /** What happens when the holder locks again: one of the three above. */
    public static final int KIND_TYPE_MASK = 3;

    public static final int KIND_ROBUST = 16;
    /** Whoever waits for it lends its priority to the holder. None of ours is; C code on the same thread may hold one. */
    public static final int KIND_PRIORITY_INHERITING = 32;

    public static final int KIND_PROCESS_SHARED = 128;
    /** What decides the kind. The rest are hints, as 0x200 "no elision", which {@code pthread_mutexattr_settype} adds. */
    public static final int KIND_MASK = 127;

    static {
        Layouts.require(NODE + Long.BYTES <= SIZE, "the node lies inside the mutex");
        Layouts.require(NODE % Long.BYTES == 0 && PREVIOUS % Long.BYTES == 0, "links are aligned");
        Layouts.require(WAITERS + OWNER_DIED + TID_MASK == -1, "the word's parts cover it and do not overlap");
    }

    private GlibcMutexLayout() {}
}
