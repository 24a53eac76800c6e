package io.mortmain.internal.words;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Eight bytes of a region that are changed in one step; after the region was closed each access throws. */
public final class MappedLong {
    private static final VarHandle VALUE = JAVA_LONG.varHandle();

    private final MemorySegment segment;

    /** The first eight bytes of the segment, which begins at a multiple of 8. */
    public MappedLong(MemorySegment segment) {
        this.segment = segment;
    }

    public long getVolatile() {
        return (long) VALUE.getVolatile(segment, 0L);
    }

    public void setVolatile(long value) {
        VALUE.setVolatile(segment, 0L, value);
    }

    /** Atomic; the old value. */
    public long getAndSet(long value) {
        return (long) VALUE.getAndSet(segment, 0L, value);
    }

    /** Atomic; the old value. */
    public long getAndAdd(long delta) {
        return (long) VALUE.getAndAdd(segment, 0L, delta);
    }

    /** Reads first: where the file was truncated a read throws, but a compare-and-set by the interpreter ends the JVM (SIGBUS). */
    public boolean compareAndSet(long expected, long value) {
        return getVolatile() == expected && VALUE.compareAndSet(segment, 0L, expected, value);
    }
}
