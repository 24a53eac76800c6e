package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/** The memory itself, without what rounds it up to a multiple of 8. */
final class LayoutCodec extends Codec<MemorySegment> {
    private final long size;

    LayoutCodec(Schema schema, MemoryLayout layout) {
        super(schema);
        size = layout.byteSize();
    }

    @Override
    public MemorySegment decode(long[] from) {
        return MemorySegment.ofArray(from).asSlice(0, size);
    }

    /** The value may be what {@link #decode} gave of the same memory. */
    @Override
    public void encode(MemorySegment value, long[] to) {
        if (value.byteSize() != size) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    schema().name() + " cannot have " + value.byteSize() + " bytes; give a segment of " + size);
        }
        MemorySegment.copy(value, 0, MemorySegment.ofArray(to), 0, size);
        Gaps.clear(schema().fields(), 0, schema().size(), to);
    }
}
