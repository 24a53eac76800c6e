package io.mortmain.explore.program;

import io.mortmain.explore.machine.MemoryMap;
import io.mortmain.explore.machine.Player;
import io.mortmain.explore.machine.SeamOf;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * How a deputy and those who close its hold meet: in one word here, where the library has a monitor and a parked thread
 * ({@code Principal}, {@code Deputy}), which are none of the protocol's.
 */
final class HandOver {
    private static final int FIRST_WORD = 4;
    private static final int HELD = 1;
    private static final int CLOSED = 2;

    private final Words words;
    private final Kernel kernel;
    private final long word;

    HandOver(Player player) {
        SeamOf seam = new SeamOf(player);
        this.words = seam.words();
        this.kernel = seam.kernel();
        this.word = MemoryMap.ownWord(FIRST_WORD + player.process());
    }

    /** The deputy's: says that it holds, and waits until somebody closes. */
    void awaitClose() {
        words.putIntRelease(word, HELD);
        kernel.wake(word, Integer.MAX_VALUE);
        while (words.getIntVolatile(word) == HELD) {
            kernel.await(word, HELD, Long.MAX_VALUE, 0);
        }
    }

    /** Waits until the deputy holds, and has it release; of several, one does. */
    void close() {
        while (words.getIntVolatile(word) == 0) {
            kernel.await(word, 0, Long.MAX_VALUE, 0);
        }
        if (words.compareAndSetInt(word, HELD, CLOSED)) {
            kernel.wake(word, Integer.MAX_VALUE);
        }
    }
}
