package io.mortmain.cli.demo;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** The shared memory of the demo as 64-bit integers, the memory order in the method's name. Tests let it fail at every store. */
class SharedLongs {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;

    SharedLongs(MemorySegment memory) {
        this.memory = memory;
    }

    long getAcquire(long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    /** For data whose order a {@link #publish} before and after it gives. */
    long getOpaque(long offset) {
        return (long) LONG.getOpaque(memory, offset);
    }

    void setOpaque(long offset, long value) {
        LONG.setOpaque(memory, offset, value);
    }

    /**
     * After every store before it, and before every store after it: whoever dies anywhere has left the stores before if it has left this
     * one, and this one if it has left a store after. A release store alone would let later ones pass.
     */
    void publish(long offset, long value) {
        LONG.setRelease(memory, offset, value);
        VarHandle.storeStoreFence();
    }

    long getAndSet(long offset, long value) {
        return (long) LONG.getAndSet(memory, offset, value);
    }
}
