package io.mortmain.process;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How a process ended and what it has used, together with all its descendants that it waited for; by waitid(2).
 *
 * @param code that it gave to exit, 0 to 255; empty where a signal ended it
 * @param signal number of the signal that ended it; empty where it exited
 * @param coreDumped whether the signal left a core dump
 * @param userTime processor time in its own code, to the microsecond
 * @param systemTime processor time in the kernel, to the microsecond
 * @param peakResidentBytes the most memory of the largest of them that was resident at once, to the KiB; what the kernel counted before exec
 *     is in it, which is this process's own peak where it was started by posix_spawn(3)
 */
public record ChildExit(
        OptionalInt code,
        OptionalInt signal,
        boolean coreDumped,
        Duration userTime,
        Duration systemTime,
        long peakResidentBytes) {
    private static final int SIGNALLED = 128;

    /** Whether it exited with code 0. */
    public boolean isSuccess() {
        return code.equals(OptionalInt.of(0));
    }

    /** As a shell gives it, and {@link Process#exitValue()}: the code, or 128 and the number of the signal. */
    public int shellCode() {
        return code.orElseGet(() -> SIGNALLED + signal.orElseThrow());
    }
}
