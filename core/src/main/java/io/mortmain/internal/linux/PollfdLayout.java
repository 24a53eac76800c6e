package io.mortmain.internal.linux;

/**
 * {@code struct pollfd} (sys/poll.h): a descriptor, what is asked about it, and what poll(2) found.
 *
 * <pre>
 *   0        4          6          8
 *   +--------+----------+----------+
 *   | fd     | events   | revents  |
 *   +--------+----------+----------+
 * </pre>
 */
public final class PollfdLayout {
    public static final int DESCRIPTOR = 0;
    public static final int EVENTS = 4;
    /** {@code revents}. */
    public static final int HAPPENED = 6;

    public static final int SIZE = 8;

    static {
        Layouts.require(DESCRIPTOR + Integer.BYTES == EVENTS, "no hole after the descriptor");
        Layouts.require(EVENTS + Short.BYTES == HAPPENED, "no hole between what is asked and what happened");
        Layouts.require(HAPPENED + Short.BYTES == SIZE, "what happened ends the structure");
    }

    private PollfdLayout() {}
}
