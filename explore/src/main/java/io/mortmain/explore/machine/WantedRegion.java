package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_ERROR_CHECKING;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_PROCESS_SHARED;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_ROBUST;

import io.mortmain.internal.layout.Fnv;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The region that all programs want, and what makes a file one. */
public final class WantedRegion {
    public static final String NAME = "/simulated/region";
    public static final RegionGeometry GEOMETRY = new RegionGeometry(1 << 12, 4);
    public static final int MODE = 0660;
    public static final int GROUP = 7;

    private static final int KIND_OF_DIRECTORY = KIND_ERROR_CHECKING | KIND_ROBUST | KIND_PROCESS_SHARED;

    private WantedRegion() {}

    /** What a file lacks to be it, as a clause; empty when it is whole. */
    static String missing(Contents contents, int mode, int group) {
        if (!hasHeader(contents)) {
            return "its header is not written";
        }
        if (contents.size() != GEOMETRY.fileSize()) {
            return "its space is not reserved";
        }
        byte[] kind = contents.read(GEOMETRY.lockArea() + GlibcMutexLayout.KIND, Integer.BYTES);
        if (littleEndian(kind).getInt() != KIND_OF_DIRECTORY) {
            return "the directory's mutex is not written";
        }
        if (mode != MODE) {
            return "its mode is " + Integer.toOctalString(mode);
        }
        return group == GROUP ? "" : "its group is not set";
    }

    private static boolean hasHeader(Contents contents) {
        byte[] page = contents.read(0, RegionHeaderLayout.SIZE);
        ByteBuffer fields = littleEndian(page);
        return page.length == RegionHeaderLayout.SIZE
                && fields.getLong(RegionHeaderLayout.MAGIC) == RegionHeaderLayout.MAGIC_VALUE
                && fields.getLong(RegionHeaderLayout.CHECKSUM) == Fnv.hash(page, 0, RegionHeaderLayout.CHECKSUM);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
