package io.mortmain.internal.fork;

import io.mortmain.errors.ForkHooksException;
import io.mortmain.errors.ForkHooksException.Reason;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.ForkHandlers;
import io.mortmain.internal.linux.Futex;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.Platform;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The bell that a thread rings when it forks, seen from the thread that answers; {@link ForkCode} is the other side. Installed once and for the
 * life of the process, since the C library takes no handler back; nobody waits while it is not {@link #answer answered}.
 */
public final class ForkBell {
    /** A thread that waits looks again after that, so that its limit is kept to within that. */
    public static final long SLICE_NANOS = 1_000_000;

    private static final Words WORDS = MappedWords.INSTANCE;
    private static final int FOREVER = 0;

    private static @Nullable ForkBell installed;

    private final long bell;
    private final ChildSteps childSteps;

    private ForkBell(long bell, ChildSteps childSteps) {
        this.bell = bell;
        this.childSteps = childSteps;
        writeTimes();
    }

    private void writeTimes() {
        WORDS.putLongRelease(bell + ForkPages.SLICE + Long.BYTES, SLICE_NANOS);
        WORDS.putLongRelease(bell + ForkPages.SECOND, 1);
    }

    /**
     * The one of this process.
     *
     * @throws ForkHooksException why there can be none
     */
    public static synchronized ForkBell installed() {
        if (installed == null) {
            installed = install(platform());
        }
        return installed;
    }

    /**
     * The same, for threads to wait.
     *
     * @throws ForkHooksException why there can be none, or none that may wait
     */
    public static ForkBell installedToWait() {
        ForkBell bell = installed();
        if (!ForkHandlers.mayWait()) {
            throw new ForkHooksException(
                    Reason.OLD_C_LIBRARY,
                    "fork hooks cannot be had: glibc " + Platform.glibcVersion().orElse("?")
                            + " calls fork handlers under a lock of its own; use 2.36 or later");
        }
        return bell;
    }

    private static Platform platform() {
        try {
            return Platform.current();
        } catch (UnsupportedOperationException refused) {
            throw new ForkHooksException(
                    Reason.UNSUPPORTED_PLATFORM, "fork hooks cannot be had: " + refused.getMessage(), refused);
        }
    }

    private static ForkBell install(Platform platform) {
        if (!ForkHandlers.areThere()) {
            throw new ForkHooksException(
                    Reason.NO_FORK_HANDLERS,
                    "fork hooks cannot be had: the C library has no function __register_atfork; use glibc");
        }
        long page = AddressSpace.PAGE_SIZE;
        ForkCode code = ForkCode.of(platform, Math.toIntExact(page));
        long start = 0;
        boolean isReady = false;
        try {
            start = AddressSpace.reserve(ForkPages.PAGES * page);
            write(code.bytes(), start);
            AddressSpace.wipeOnFork(start + page, page);
            AddressSpace.makeExecutable(start, page);
            ChildSteps steps = new ChildSteps(start + 2 * page, ForkPages.STEP_PAGES * page, platform);
            ForkBell made = new ForkBell(start + page, steps);
            ForkHandlers.register(start + code.prepare(), start + code.parent(), start + code.child());
            isReady = true;
            return made;
        } catch (LinuxException refused) {
            throw new ForkHooksException(
                    Reason.NO_EXECUTABLE_MEMORY,
                    "fork hooks cannot be had: they need some machine code, and " + refused.sentence()
                            + "; where a policy forbids it (SELinux execmem, PR_SET_MDWE), allow it for this program",
                    refused);
        } finally {
            if (start != 0 && !isReady) {
                AddressSpace.unmap(start, ForkPages.PAGES * page);
            }
        }
    }

    private static void write(byte[] code, long to) {
        try (Arena arena = Arena.ofConfined()) {
            AddressSpace.view(to, code.length, arena).copyFrom(MemorySegment.ofArray(code));
        }
    }

    /** What children do. */
    public ChildSteps childSteps() {
        return childSteps;
    }

    /**
     * From now on threads that fork ring and wait.
     *
     * @param threadId of the thread that answers
     * @param slices how many of them they wait at most, more than 0
     */
    public void answer(int threadId, int slices) {
        WORDS.putIntRelease(bell + ForkPages.SERVICE, threadId);
        WORDS.putIntRelease(bell + ForkPages.LIMIT, slices);
    }

    /** From now on threads that fork do not ring. */
    public void ignore() {
        WORDS.putIntRelease(bell + ForkPages.LIMIT, 0);
    }

    /** Waits until a thread rings; its number. */
    public int awaitRing() {
        int turn = turn();
        while (turn == 0) {
            Futex.await(bell + ForkPages.TURN, 0, FOREVER);
            turn = turn();
        }
        return turn & ForkPages.THREAD_MASK;
    }

    /** Whether it is a thread's turn to fork. */
    public boolean isRung() {
        return turn() != 0;
    }

    /** Whether the thread's fork is over, as far as it says: it may have gone on without having been answered. */
    public boolean hasReturned(int threadId) {
        return turn() == (threadId | ForkPages.RETURNED);
    }

    /** Lets the thread fork. */
    public void letFork(int threadId) {
        WORDS.compareAndSetInt(bell + ForkPages.TURN, threadId, threadId | ForkPages.PREPARED);
        wake();
    }

    /** Waits until the thread's fork is over, a second at most. */
    public void awaitReturn(int threadId) {
        int forks = threadId | ForkPages.PREPARED;
        if (turn() == forks) {
            Futex.await(bell + ForkPages.TURN, forks, bell + ForkPages.SECOND);
        }
    }

    /** Ends the turn; the thread goes on if it waits, and another may ring. */
    public void end() {
        WORDS.getAndSetInt(bell + ForkPages.TURN, 0);
        wake();
    }

    private void wake() {
        Futex.wake(bell + ForkPages.TURN, Integer.MAX_VALUE);
    }

    private int turn() {
        return WORDS.getIntVolatile(bell + ForkPages.TURN);
    }

    /** How many threads forked without having rung, since others did for too long. */
    public int missed() {
        return WORDS.getIntVolatile(bell + ForkPages.MISSED);
    }

    /** How many threads went on before they were answered. */
    public int gaveUp() {
        return WORDS.getIntVolatile(bell + ForkPages.GAVE_UP);
    }

    /** How often the thread that answers forked itself. */
    public int byService() {
        return WORDS.getIntVolatile(bell + ForkPages.BY_SERVICE) / 2;
    }
}
