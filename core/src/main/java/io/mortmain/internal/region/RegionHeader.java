package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.Fnv;
import io.mortmain.internal.layout.LayoutHash;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.Platform;
import io.mortmain.internal.owner.Surroundings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.UUID;

/**
 * A region's header, as a value: written at creation, read through the descriptor and not through a mapping, and believed only when
 * every byte of the page is right.
 *
 * @param severalPidNamespaces whether words have owner numbers, which mean the same in every PID namespace, and not the kernel's
 * @param created when the region was made, by the creator's clock
 * @param recovered when it was last made usable after a reboot; the epoch for never
 */
public record RegionHeader(
        RegionGeometry geometry,
        boolean severalPidNamespaces,
        Surroundings surroundings,
        Instant created,
        Instant recovered) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    byte[] encode() {
        ByteBuffer page = ByteBuffer.allocate(RegionHeaderLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(RegionHeaderLayout.MAGIC, RegionHeaderLayout.MAGIC_VALUE);
        page.putInt(RegionHeaderLayout.VERSION, RegionHeaderLayout.VERSION_VALUE);
        page.putInt(RegionHeaderLayout.ABI, Platform.current().abiTag());
        page.putLong(RegionHeaderLayout.LAYOUT_HASH, LayoutHash.VALUE);
        page.putLong(RegionHeaderLayout.FILE_SIZE, geometry.fileSize());
        page.putLong(RegionHeaderLayout.BOOT_ID, surroundings.boot().getMostSignificantBits());
        page.putLong(
                RegionHeaderLayout.BOOT_ID + Long.BYTES, surroundings.boot().getLeastSignificantBits());
        page.putLong(RegionHeaderLayout.PID_NAMESPACE, surroundings.pidNamespace());
        page.putLong(RegionHeaderLayout.CREATED, nanos(created));
        page.putInt(RegionHeaderLayout.MAX_OBJECTS, geometry.maxObjects());
        page.putInt(
                RegionHeaderLayout.FLAGS, severalPidNamespaces ? RegionHeaderLayout.FLAG_SEVERAL_PID_NAMESPACES : 0);
        page.putLong(RegionHeaderLayout.CAPACITY, geometry.capacity());
        page.putLong(RegionHeaderLayout.RECOVERED, nanos(recovered));
        page.putLong(RegionHeaderLayout.FIRST_CAPACITY, geometry.firstCapacity());
        page.putLong(RegionHeaderLayout.CHECKSUM, Fnv.hash(page.array(), 0, RegionHeaderLayout.CHECKSUM));
        return page.array();
    }

    /** Whether the first bytes of a file are those of a region. */
    static boolean hasMagic(byte[] start) {
        return start.length == Long.BYTES
                && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong() == RegionHeaderLayout.MAGIC_VALUE;
    }

    /** Reads and checks the header of an open file; whatever is wrong is refused, both sides named. */
    static RegionHeader read(OpenFile file, long actualSize) {
        return decode(file.read(0, RegionHeaderLayout.SIZE), actualSize, file.path());
    }

    static RegionHeader decode(byte[] bytes, long actualSize, String path) {
        if (bytes.length < RegionHeaderLayout.SIZE) {
            throw refuse(
                    Reason.NOT_A_REGION,
                    path,
                    "it has " + bytes.length + " bytes and a region's header has " + RegionHeaderLayout.SIZE
                            + "; give the path of a region");
        }
        ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (page.getLong(RegionHeaderLayout.MAGIC) != RegionHeaderLayout.MAGIC_VALUE) {
            throw refuse(Reason.NOT_A_REGION, path, "it does not begin with MORTMAIN; give the path of a region");
        }
        int version = page.getInt(RegionHeaderLayout.VERSION);
        if (version != RegionHeaderLayout.VERSION_VALUE) {
            throw refuse(
                    Reason.INCOMPATIBLE,
                    path,
                    "it has format version " + Integer.toUnsignedString(version) + " and this library has "
                            + RegionHeaderLayout.VERSION_VALUE + "; use one version in all processes, or remove it");
        }
        int abi = page.getInt(RegionHeaderLayout.ABI);
        if (abi != Platform.current().abiTag()) {
            throw refuse(
                    Reason.INCOMPATIBLE,
                    path,
                    "its mutexes are those of " + Platform.abiName(abi) + " and this process has "
                            + Platform.abiName(Platform.current().abiTag())
                            + "; share it among processes of one kind only");
        }
        long hash = page.getLong(RegionHeaderLayout.LAYOUT_HASH);
        if (hash != LayoutHash.VALUE) {
            throw refuse(
                    Reason.INCOMPATIBLE,
                    path,
                    "its layout hash is " + Long.toHexString(hash) + " and this library's is "
                            + Long.toHexString(LayoutHash.VALUE) + "; use one build in all processes, or remove it");
        }
        if (page.getLong(RegionHeaderLayout.CHECKSUM) != Fnv.hash(bytes, 0, RegionHeaderLayout.CHECKSUM)) {
            throw refuse(Reason.DAMAGED, path, "the checksum of its header is wrong; remove it and create it anew");
        }
        return decodeChecked(page, actualSize, path);
    }

    /** A right checksum says that no accident happened, not that nobody lies: ranges are checked too. */
    private static RegionHeader decodeChecked(ByteBuffer page, long actualSize, String path) {
        var geometry = new RegionGeometry(
                page.getLong(RegionHeaderLayout.CAPACITY),
                page.getInt(RegionHeaderLayout.MAX_OBJECTS),
                page.getLong(RegionHeaderLayout.FIRST_CAPACITY));
        int flags = page.getInt(RegionHeaderLayout.FLAGS);
        if ((flags & ~RegionHeaderLayout.FLAG_SEVERAL_PID_NAMESPACES) != 0) {
            throw refuse(
                    Reason.INCOMPATIBLE,
                    path,
                    "its flags 0x" + Integer.toHexString(flags)
                            + " say something that this library does not know; use one version in all processes, or remove it");
        }
        if (!geometry.isPossible() || geometry.fileSize() != page.getLong(RegionHeaderLayout.FILE_SIZE)) {
            throw refuse(
                    Reason.DAMAGED,
                    path,
                    "its header has impossible sizes (capacity " + geometry.capacity() + ", of it reserved at creation "
                            + geometry.firstCapacity() + ", objects " + geometry.maxObjects()
                            + "); remove it and create it anew");
        }
        if (geometry.fileSize() != actualSize) {
            throw refuse(
                    Reason.DAMAGED,
                    path,
                    "the file has " + actualSize + " bytes and its header says " + geometry.fileSize()
                            + ": it was truncated or extended; remove it and create it anew");
        }
        return new RegionHeader(
                geometry,
                flags != 0,
                new Surroundings(
                        new UUID(
                                page.getLong(RegionHeaderLayout.BOOT_ID),
                                page.getLong(RegionHeaderLayout.BOOT_ID + Long.BYTES)),
                        page.getLong(RegionHeaderLayout.PID_NAMESPACE)),
                instant(page.getLong(RegionHeaderLayout.CREATED)),
                instant(page.getLong(RegionHeaderLayout.RECOVERED)));
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    boolean isOfBoot(Surroundings here) {
        return surroundings.boot().equals(here.boot());
    }

    /** Whether it was used for the last time, for all that is known, before this boot of the machine began. */
    boolean isOlderThanBoot(Instant booted) {
        return created.isBefore(booted) && recovered.isBefore(booted);
    }

    /** The same region in this boot. */
    RegionHeader recoveredIn(Surroundings here) {
        return new RegionHeader(geometry, severalPidNamespaces, here, created, Instant.now());
    }

    /** Refuses a region whose thread numbers are not this process's. */
    void requireUsableIn(Surroundings here, String path) {
        if (!isOfBoot(here)) {
            throw refuse(
                    Reason.OTHER_BOOT,
                    path,
                    "it was made in boot " + surroundings.boot() + " of a machine and this is boot " + here.boot()
                            + ", but of another age or PID namespace than a reboot would leave it: somebody in the other boot may live; share boot id and PID namespace, or remove it and create it anew");
        }
        if (!severalPidNamespaces && surroundings.pidNamespace() != here.pidNamespace()) {
            throw refuse(
                    Reason.INCOMPATIBLE,
                    path,
                    "it belongs to PID namespace " + surroundings.pidNamespace()
                            + " and this process is in " + here.pidNamespace()
                            + ", where equal thread numbers mean other threads; share the PID namespace (docker run --pid=…), or create it for several: RegionOptions.withSeveralPidNamespaces()");
        }
    }

    private static RegionException refuse(Reason reason, String path, String why) {
        return new RegionException(reason, "region " + path + " is refused: " + why);
    }
}
