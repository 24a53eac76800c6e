package io.mortmain.internal.region;

import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.Fnv;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.OpenFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Marks after a reboot the data of every object that has a journal as lost: the pages of both came to the disk in any order. It is done
 * here, while nobody uses the region, because the mark on the mutex tells only its first acquirer, who may be a C program, whose library
 * does not pass it on, or die before he has told others.
 */
final class LostData {
    private LostData() {}

    /** Up to the first entry that is not published, as its readers do; a damaged one makes them refuse all the objects. */
    static void mark(OpenFile file, RegionGeometry geometry) {
        for (int index = 0; index < geometry.maxObjects(); index++) {
            long at = RegionGeometry.DIRECTORY + (long) index * DirectoryEntryLayout.SIZE;
            byte[] bytes = file.read(at, DirectoryEntryLayout.SIZE);
            ByteBuffer entry = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (entry.getInt(DirectoryEntryLayout.STATE) != DirectoryEntryLayout.STATE_PUBLISHED
                    || entry.getLong(DirectoryEntryLayout.CHECKSUM)
                            != Fnv.hash(bytes, DirectoryEntryLayout.TYPE, DirectoryEntryLayout.CHECKSUM)) {
                return;
            }
            long block = entry.getLong(DirectoryEntryLayout.OFFSET);
            long end = geometry.data() + geometry.dataSize();
            boolean fits = block >= geometry.data() && block <= end - GuardedBlockLayout.JOURNAL;
            if (fits && hasJournal(entry.getInt(DirectoryEntryLayout.TYPE))) {
                mark(file, block);
            }
        }
    }

    private static boolean hasJournal(int type) {
        return ObjectType.of(type)
                .filter(known -> known.hasMutex() && known.hasData())
                .isPresent();
    }

    private static void mark(OpenFile file, long block) {
        ByteBuffer words =
                ByteBuffer.wrap(file.read(block, GuardedBlockLayout.JOURNAL)).order(ByteOrder.LITTLE_ENDIAN);
        int flags = words.getInt(GuardedBlockLayout.FLAGS);
        words.putInt(GuardedBlockLayout.FLAGS, flags | GuardedBlockLayout.FLAG_LOST);
        words.putInt(GuardedBlockLayout.JOURNAL_USED, 0);
        file.write(block, words.array());
    }
}
