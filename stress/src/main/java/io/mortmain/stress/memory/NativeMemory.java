package io.mortmain.stress.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Native memory for the states of a test: a ring of pieces, so that nothing is allocated or freed in a run. It has more pieces than
 * jcstress has states at a time.
 */
final class NativeMemory {
    static final int PIECE = 512;

    /** Twice what the options of {@code MemoryOrderStress} let live at once, and as many that are being made meanwhile. */
    private static final int PIECES = 1 << 15;

    private static final MemorySegment RING = Arena.global().allocate((long) PIECES * PIECE, PIECE);
    private static final AtomicLong NEXT = new AtomicLong();

    private NativeMemory() {}

    /** Zeroed. */
    static MemorySegment next() {
        long at = NEXT.getAndIncrement() % PIECES * PIECE;
        return RING.asSlice(at, PIECE).fill((byte) 0);
    }
}
