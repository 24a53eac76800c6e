package io.mortmain.internal.region;

import io.mortmain.internal.layout.StatePageLayout;
import io.mortmain.internal.words.SharedBytes;

/**
 * Sees to it that the bytes of a new object are zero, although a creator may have written first contents into them and died before it
 * published the object. Used while the directory is held.
 *
 * <p>Invariant: the data area is zero from the written end on. Whoever is about to write behind the end moves it first; whoever gets bytes
 * before it clears them. It never comes back.
 */
final class FreshBytes {
    private final SharedBytes state;
    private final SharedBytes data;
    private final long dataSize;

    /**
     * @param state the page of {@link StatePageLayout}
     * @param data the data area
     * @param dataSize its bytes
     */
    FreshBytes(SharedBytes state, SharedBytes data, long dataSize) {
        this.state = state;
        this.data = data;
        this.dataSize = dataSize;
    }

    /**
     * Makes the first bytes zero, and lets all of them be written.
     *
     * @param offset where a new object begins in the data area, behind all others; a multiple of 8
     * @param size its bytes
     * @param first how many of them; the object's owners see to the rest
     */
    void prepare(long offset, long size, long first) {
        // It may be anything. A wrong one costs time, or leaves bytes of the new object not zero; it never leads
        // outside.
        long written = Math.clamp(state.getLong(StatePageLayout.WRITTEN_END), 0, dataSize);
        for (long at = offset; at < Math.min(offset + first, written); at += Long.BYTES) {
            data.putLong(at, 0);
        }
        if (offset + size > written) {
            state.putLong(StatePageLayout.WRITTEN_END, offset + size);
        }
        data.storeStoreFence(); // before the first contents
    }
}
