package io.mortmain.internal.layout;

import io.mortmain.internal.linux.Layouts;

/**
 * The page behind the header: what changes while a region is in use and belongs to no object.
 *
 * <pre>
 *   0          4          8                 16                4096
 *   +----------+----------+-----------------+-----------------+
 *   | openers  | zero     | written end     | zero            |
 *   +----------+----------+-----------------+-----------------+
 * </pre>
 */
public final class StatePageLayout {
    /** Incremented by each process that opens the region, to see that what it stores reaches the file. */
    public static final int OPENERS = 0;

    /** From the start of the data area: behind it, nobody has ever written. Changed only while the directory is held. */
    public static final int WRITTEN_END = 8;

    public static final int SIZE = 4_096;

    static {
        Layouts.require(
                RegionGeometry.STATE_PAGE + SIZE == RegionGeometry.DIRECTORY,
                "the page ends where the directory begins");
    }

    private StatePageLayout() {}
}
