package io.mortmain.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * futex(2), the shared form: a robust mutex of glibc never uses FUTEX_PRIVATE_FLAG, and a private waiter would not be woken by the
 * kernel when the holder dies.
 */
public final class Futex {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_WAIT_BITSET = 9;
    private static final int FUTEX_PRIVATE_FLAG = 128;
    private static final int FUTEX_CLOCK_REALTIME = 256;
    private static final long CALL = Platform.current().futexCall();

    // errno is not asked for: whoever waits looks at the word again in any case, and whoever wakes has nobody to tell.
    private static final MethodHandle SYSCALL = Native.variadic("syscall", 1, 7);

    private Futex() {}

    /** Whether a call with this operation sleeps for the word at its address, and leaves the word as it is. */
    static boolean isWait(int operation) {
        int command = operation & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
        return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
    }

    /**
     * Sleeps while the word at {@code address} is {@code expected}, at most as long as the timespec at {@code timeout} says
     * (relative, CLOCK_MONOTONIC). Returns early for any reason; the caller looks at the word and at the time again.
     */
    public static void await(long address, int expected, long timeout) {
        try {
            var result = (long) SYSCALL.invokeExact(CALL, address, (long) FUTEX_WAIT, (long) expected, timeout, 0L, 0L);
            assert result == 0 || result == -1 : result;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }

    /** Wakes at most {@code count} waiters of the word at {@code address}. A vanished mapping is no error: nobody can wait there. */
    public static void wake(long address, int count) {
        try {
            var woken = (long) SYSCALL.invokeExact(CALL, address, (long) FUTEX_WAKE, (long) count, 0L, 0L, 0L);
            assert woken >= -1 : woken;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
