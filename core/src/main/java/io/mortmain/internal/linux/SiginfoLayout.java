package io.mortmain.internal.linux;

/**
 * {@code siginfo_t} of 64-bit machines as waitid(2) fills it (bits/types/siginfo_t.h).
 *
 * <pre>
 *   0        4        8        12       16       20       24       28        128
 *   +--------+--------+--------+--------+--------+--------+--------+---------+
 *   | signo  | errno  | code   | –      | pid    | uid    | status | …       |
 *   +--------+--------+--------+--------+--------+--------+--------+---------+
 * </pre>
 */
public final class SiginfoLayout {
    public static final int CODE = 8;
    public static final int PROCESS = 16;
    public static final int STATUS = 24;
    public static final int SIZE = 128;

    static {
        Layouts.require(STATUS + Integer.BYTES <= SIZE, "the status lies inside the structure");
    }

    private SiginfoLayout() {}
}
