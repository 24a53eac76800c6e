package io.mortmain.internal.linux;

/**
 * {@code struct epoll_event} (sys/epoll.h): packed on x86_64, and nowhere else.
 *
 * <pre>
 *   0         4        12        x86_64         0         4    8        16     aarch64
 *   +---------+---------+                       +---------+----+---------+
 *   | events  | data    |                       | events  | –  | data    |
 *   +---------+---------+                       +---------+----+---------+
 * </pre>
 */
public final class EpollEventLayout {
    public static final int EVENTS = 0;
    public static final int DATA = Platform.current() == Platform.X86_64 ? 4 : 8;
    public static final int SIZE = DATA + Long.BYTES;

    static {
        Layouts.require(EVENTS + Integer.BYTES <= DATA, "the events lie before the data");
    }

    private EpollEventLayout() {}
}
