package io.mortmain;

import java.util.Arrays;

/** Private copies of a record: as it is, and as it is to be. Of whoever holds its mutex. */
final class Workspace {
    final long[] before;
    final long[] after;

    Workspace(int words) {
        before = new long[words];
        after = new long[words];
    }

    boolean isUnchanged() {
        return Arrays.equals(before, after);
    }
}
