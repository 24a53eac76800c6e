package io.mortmain.internal.region;

import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.StatePageLayout;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.lock.RebootMark;
import io.mortmain.internal.owner.OwnerRecords;
import io.mortmain.internal.owner.Surroundings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes a region on disk usable that was written before the machine was rebooted. Everybody who used it is dead, and the pages reached
 * the disk in any order, those of the mutexes too: so every mutex is marked as its holder's death would have marked it, free ones
 * included, and the next to lock it is told that the machine was rebooted. Data that have a journal are marked as lost, see {@link LostData}.
 *
 * <p>Killed at any moment, it is done again: the header, which says that it is done, is written last, after the marks have reached the
 * disk. Two that begin at once are kept apart by a lock on the file.
 */
/*
 * Another boot id alone is no proof of a reboot: containers may have one each. So the region must also have been made, and last
 * recovered, before this boot began, and belong to this PID namespace; else somebody may live who uses it, and it is refused. A region for
 * several PID namespaces belongs to none, but there everybody who lives has the lock on an owner record; and until the header is
 * written, whose boot may be a container's own, nobody can get one who would take a mutex that is about to be overwritten.
 */
final class RebootRecovery {
    private RebootRecovery() {}

    /** Whether the machine was rebooted since anybody used the region. */
    static boolean isCertain(RegionHeader found, Surroundings here) {
        return !found.isOfBoot(here)
                && (found.severalPidNamespaces() || found.surroundings().pidNamespace() == here.pidNamespace())
                && found.isOlderThanBoot(Surroundings.booted());
    }

    /** The header as it is afterwards; the same where the machine was not rebooted, or that is not certain. */
    static RegionHeader recover(OpenFile file, RegionHeader found, Surroundings here) {
        if (!isCertain(found, here)) {
            return found;
        }
        file.lockExclusively(); // until it is closed
        RegionHeader header = RegionHeader.read(file, file.status().size());
        if (header.isOfBoot(here)) {
            return header; // another was faster
        }
        RegionHeader recovered = header.recoveredIn(here);
        Runnable all = () -> markAll(file, recovered);
        if (header.severalPidNamespaces()) {
            return OwnerRecords.whileAllFree(file, header.geometry(), all) ? recovered : header; // to be refused
        }
        all.run();
        return recovered;
    }

    /** Pages came to the disk in any order: what an unfinished creator wrote may be there, and the end that it moved before may not. */
    private static byte[] allWritten(RegionGeometry geometry) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(geometry.dataSize())
                .array();
    }

    private static void markAll(OpenFile file, RegionHeader recovered) {
        RegionGeometry geometry = recovered.geometry();
        byte[] locks = file.read(geometry.lockArea(), Math.toIntExact(geometry.lockAreaSize()));
        for (int slot = 0; slot <= geometry.maxObjects(); slot++) {
            RebootMark.mark(ByteBuffer.wrap(locks).order(ByteOrder.LITTLE_ENDIAN), slot * MutexSlotLayout.SIZE);
        }
        file.write(geometry.lockArea(), locks);
        LostData.mark(file, geometry);
        file.write(RegionGeometry.STATE_PAGE + StatePageLayout.WRITTEN_END, allWritten(geometry));
        file.synchronise();
        file.write(0, recovered.encode());
    }
}
