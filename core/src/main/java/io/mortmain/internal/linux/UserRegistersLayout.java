package io.mortmain.internal.linux;

/**
 * The registers of a stopped thread, as {@code PTRACE_GETREGSET} with {@code NT_PRSTATUS} gives them; only what is read: {@code struct
 * user_regs_struct} on x86_64 (sys/user.h), {@code struct user_pt_regs} on aarch64 (asm/ptrace.h).
 *
 * <pre>
 *   x86_64    0                128    136        216        aarch64   0            256    264      272
 *             +----------------+------+----------+                    +------------+------+--------+
 *             | …              | rip  | …        |                    | x0–x30, sp | pc   | pstate |
 *             +----------------+------+----------+                    +------------+------+--------+
 * </pre>
 */
public final class UserRegistersLayout {
    /** Address of the instruction that is next: {@code rip}, {@code pc}. */
    public static final int NEXT_INSTRUCTION;

    public static final int SIZE;

    static {
        boolean x86 = Platform.current() == Platform.X86_64;
        NEXT_INSTRUCTION = x86 ? 128 : 256;
        SIZE = x86 ? 216 : 272;
        Layouts.require(NEXT_INSTRUCTION % Long.BYTES == 0 && SIZE % Long.BYTES == 0, "registers have 8 bytes");
        Layouts.require(NEXT_INSTRUCTION + Long.BYTES <= SIZE, "the instruction pointer lies inside the structure");
    }

    private UserRegistersLayout() {}
}
