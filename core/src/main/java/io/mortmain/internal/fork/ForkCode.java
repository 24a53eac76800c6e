package io.mortmain.internal.fork;

import io.mortmain.internal.linux.Platform;
import java.util.List;

/**
 * The machine code that the C library calls around a fork, in the thread that forks, which may be in a signal handler, be unknown to the
 * JVM, or hold whatever lock: so it makes raw system calls only, uses no memory but its page, no library and no errno, and waits for a
 * limited number of undisturbed slices. Where it stands does not matter, only that the pages of {@link ForkPages} follow.
 *
 * <p>Before and after the fork it is the same code, which makes TURN what it wants and waits until somebody else has changed that:
 * <ol>
 *   <li>This thread is SERVICE: count it in BY_SERVICE, and leave.
 *   <li>WANTED is this thread's number before the fork, with RETURNED after it.
 *   <li>Look at TURN. If this thread has made it WANTED: where it still is, wait, and look again; else leave.
 *   <li>Before the fork: this thread's: a signal handler forks in the midst of a fork; count it in NESTED, and leave. LIMIT is 0: leave. Free: make
 *       it WANTED, NESTED 0, wake all, look again. Another thread's, or this thread's that has RETURNED: wait, and look again.
 *   <li>After the fork: not this thread's, or it returned already: leave. NESTED is not 0: take one off, and leave. Else make it WANTED,
 *       wake all, look again. So it is, too, where LIMIT has become 0 meanwhile: somebody has begun hooks, and is to end them.
 *   <li>To wait is a futex(2) call of one SLICE for the value that was looked at. One that was not ended by a wake takes one off the slices that
 *       LIMIT gave: a signal, or a TURN that had changed, takes a whole one, and a wake takes none. With none left, leave; before the fork, count it
 *       in MISSED, or in GAVE_UP where this thread had the turn.
 * </ol>
 *
 * <p>In the child it makes the system calls of the table, one after the other.
 */
final class ForkCode {
    private final byte[] bytes;
    private final int prepare;
    private final int parent;
    private final int child;
    private final List<String> listing;

    /** Of an assembler that is through. */
    ForkCode(Assembler code, Assembler.Label prepare, Assembler.Label parent, Assembler.Label child) {
        this.bytes = code.bytes();
        this.prepare = prepare.at();
        this.parent = parent.at();
        this.child = child.at();
        this.listing = code.listing();
    }

    /** For pages of that size. */
    static ForkCode of(Platform platform, int pageSize) {
        return switch (platform) {
            case X86_64 -> X86ForkCode.assemble(pageSize);
            case AARCH64 -> Arm64ForkCode.assemble(pageSize);
        };
    }

    /** All of it, less than 300. */
    byte[] bytes() {
        return bytes.clone();
    }

    /** Where the code begins that is called before a fork. */
    int prepare() {
        return prepare;
    }

    /** After it, in the parent, also where the fork failed. */
    int parent() {
        return parent;
    }

    /** After it, in the child. */
    int child() {
        return child;
    }

    /** One line for each instruction. */
    List<String> listing() {
        return listing;
    }
}
