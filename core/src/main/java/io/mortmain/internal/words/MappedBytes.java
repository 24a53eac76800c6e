package io.mortmain.internal.words;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** A mapped part of a region: an access outside of it, or after it was closed, throws. */
public final class MappedBytes extends SharedBytes {
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final MemorySegment segment;

    /** Over the segment, which begins at a multiple of 8. */
    public MappedBytes(MemorySegment segment) {
        this.segment = segment;
    }

    @Override
    public int getIntAcquire(long offset) {
        return (int) INT.getAcquire(segment, offset);
    }

    @Override
    public void putIntRelease(long offset, int value) {
        INT.setRelease(segment, offset, value);
    }

    @Override
    public long getLong(long offset) {
        return segment.get(JAVA_LONG, offset);
    }

    @Override
    public void putLong(long offset, long value) {
        segment.set(JAVA_LONG, offset, value);
    }

    @Override
    public void storeStoreFence() {
        VarHandle.storeStoreFence();
    }
}
