package io.mortmain;

import java.lang.foreign.MemorySegment;

/** Private copies of a record in words: as it is, and as it is to be. Of whoever holds its mutex. */
final class Workspace {
    final long[] before;
    final long[] after;
    final MemorySegment bytesBefore;
    final MemorySegment bytesAfter;

    Workspace(int words) {
        before = new long[words];
        after = new long[words];
        bytesBefore = MemorySegment.ofArray(before);
        bytesAfter = MemorySegment.ofArray(after);
    }
}
