package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.heap.Heap;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.region.RegionReader;
import io.mortmain.internal.words.SharedBytes;
import java.util.Optional;

/**
 * A heap as it stood in the file, read without its mutex: the numbers may be of different moments, and half of a transaction, if somebody
 * held the mutex or {@code journalUsed} is not 0. In a damaged region they may be any.
 *
 * @param size bytes that blocks, their headers and the heap's own words have room in
 * @param used bytes of these that were taken since the heap was created or cleared: blocks that were freed are among them
 * @param root handle of the root block, 0 for none
 * @param journalCapacity words of 8 bytes that one transaction can change
 * @param journalUsed words of a transaction that is under way, or whose writer died: the next to lock rolls back so many
 * @param lost whether the data are lost, because the machine was rebooted, until {@link SharedHeap#clear}
 * @param problem why it is not shown; empty if it is
 */
public record HeapSnapshot(
        long size, long used, long root, int journalCapacity, int journalUsed, boolean lost, Optional<String> problem) {

    static HeapSnapshot of(RegionReader region, Entry entry, String name) {
        SharedBytes bytes = region.bytesOf(entry);
        try {
            GuardedBlock block = GuardedBlock.open(bytes, entry.size(), name);
            if (!Heap.isHeap(block)) {
                return unreadable("it does not describe itself as a heap");
            }
            long data = block.offsetOf(0);
            return new HeapSnapshot(
                    block.elements() * HeapLayout.ELEMENT_SIZE,
                    bytes.getLong(data + HeapLayout.TOP),
                    bytes.getLong(data + HeapLayout.ROOT),
                    block.journal().capacity(),
                    bytes.getIntAcquire(GuardedBlockLayout.JOURNAL_USED),
                    block.isLost(),
                    Optional.empty());
        } catch (RegionException damaged) {
            return unreadable(String.valueOf(damaged.getMessage()));
        }
    }

    private static HeapSnapshot unreadable(String why) {
        return new HeapSnapshot(0, 0, 0, 0, 0, false, Optional.of(why));
    }
}
