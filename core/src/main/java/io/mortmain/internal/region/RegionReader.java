package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.OwnerRecordLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.owner.OwnerRecord;
import io.mortmain.internal.owner.OwnerRecords;
import io.mortmain.internal.owner.Surroundings;
import io.mortmain.internal.words.MappedBytes;
import io.mortmain.internal.words.SharedBytes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * A region as bytes read through a descriptor: nothing is mapped or changed, so that a damaged file or one of another user can be looked
 * at without risk.
 */
public final class RegionReader {
    private static final int LARGEST_AREA = 1 << 30;

    private final RegionHeader header;
    private final OpenFile.Status status;
    private final String refusal;
    private final List<ObjectDirectory.Entry> objects;
    private final ByteBuffer lockArea;
    private final byte[] ownerArea;
    private final BitSet claimed;
    private final FileBytes.Allowance allowance = new FileBytes.Allowance();
    private final OpenFile file;

    private RegionReader(
            OpenFile file,
            RegionHeader header,
            OpenFile.Status status,
            String refusal,
            List<ObjectDirectory.Entry> objects,
            byte[] lockArea,
            byte[] ownerArea,
            BitSet claimed) {
        this.file = file;
        this.header = header;
        this.status = status;
        this.refusal = refusal;
        this.objects = objects;
        this.lockArea = ByteBuffer.wrap(lockArea).order(ByteOrder.LITTLE_ENDIAN);
        this.ownerArea = ownerArea;
        this.claimed = claimed;
    }

    /**
     * What a function makes of the region.
     *
     * @param look the file is open as long as it runs
     */
    public static <R> R read(Path path, Function<RegionReader, R> look) {
        try (OpenFile file = OpenFile.existingReadOnly(path.toString())) {
            OpenFile.Status status = file.status();
            if (!status.isRegularFile()) {
                throw new RegionException(
                        Reason.NOT_SECURE,
                        "region " + path + " is refused: it is not a regular file; give the path of a region");
            }
            RegionHeader header = RegionHeader.read(file, status.size());
            RegionGeometry geometry = header.geometry();
            byte[] directory = read(file, RegionGeometry.DIRECTORY, geometry.lockArea() - RegionGeometry.DIRECTORY);
            byte[] lockArea = read(file, geometry.lockArea(), geometry.lockAreaSize());
            byte[] ownerArea = header.severalPidNamespaces()
                    ? read(file, geometry.ownerArea(), geometry.ownerAreaSize())
                    : new byte[0];
            BitSet claimed = header.severalPidNamespaces() ? OwnerRecords.claimed(file, geometry) : new BitSet();
            List<ObjectDirectory.Entry> objects =
                    new ObjectDirectory(new MappedBytes(aligned(directory)), geometry, path.toString()).list();
            return look.apply(new RegionReader(
                    file, header, status, usability(header, path), objects, lockArea, ownerArea, claimed));
        } catch (LinuxException failed) {
            throw Failures.of(path.toString(), failed);
        }
    }

    private static byte[] read(OpenFile file, long offset, long size) {
        byte[] bytes = file.read(offset, Math.toIntExact(Math.min(size, LARGEST_AREA)));
        if (bytes.length != size) {
            throw new RegionException(
                    Reason.DAMAGED,
                    "region " + file.path() + " was truncated while it was read; remove it and create it anew");
        }
        return bytes;
    }

    private static MemorySegment aligned(byte[] bytes) {
        long[] words = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asLongBuffer().get(words);
        return MemorySegment.ofArray(words);
    }

    private static String usability(RegionHeader header, Path path) {
        try {
            Surroundings here = Surroundings.current();
            if (RebootRecovery.isCertain(header, here)) {
                return ""; // whoever opens it recovers it
            }
            header.requireUsableIn(here, path.toString());
            return "";
        } catch (RegionException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    public RegionHeader header() {
        return header;
    }

    /** Of the file. */
    public OpenFile.Status status() {
        return status;
    }

    /** Why this process could not use the region, or empty. */
    public String refusal() {
        return refusal;
    }

    public List<ObjectDirectory.Entry> objects() {
        return objects;
    }

    /** The bytes of an object in the data area, of which no more are read than are looked at. */
    public SharedBytes bytesOf(ObjectDirectory.Entry entry) {
        return new FileBytes(file, entry.offset(), entry.size(), allowance);
    }

    /** What stands in an owner record of a region for several PID namespaces. */
    public OwnerRecord ownerRecord(int record) {
        return OwnerRecord.of(ownerArea, record * OwnerRecordLayout.SIZE);
    }

    /** Whether a living process had claimed the owner record. */
    public boolean isClaimed(int record) {
        return claimed.get(record);
    }

    /** An int of the mutex slot. */
    public int slotInt(int slot, int offset) {
        return lockArea.getInt(slot * MutexSlotLayout.SIZE + offset);
    }

    /** A long of the mutex slot. */
    public long slotLong(int slot, int offset) {
        return lockArea.getLong(slot * MutexSlotLayout.SIZE + offset);
    }
}
