package io.mortmain.internal.region;

import io.mortmain.internal.linux.OpenFile;
import java.util.HexFormat;
import java.util.Map;

/**
 * The file systems on which a region may live: those that only this machine's kernel writes. On one that other hosts or kernels share
 * (NFS, 9p, virtiofs, ceph, …) equal thread numbers mean different threads and a futex wakes nobody, so an unknown one is refused:
 * better no region than one that robs the living.
 */
final class FileSystems {
    private static final Map<Long, String> LOCAL = Map.ofEntries(
            Map.entry(OpenFile.TMPFS, "tmpfs"),
            Map.entry(0x858458f6L, "ramfs"),
            Map.entry(0x958458f6L, "hugetlbfs"),
            Map.entry(0xef53L, "ext4"),
            Map.entry(0x58465342L, "xfs"),
            Map.entry(0x9123683eL, "btrfs"),
            Map.entry(0xf2f52010L, "f2fs"),
            Map.entry(0x2fc12fc1L, "zfs"),
            Map.entry(0xca451a4eL, "bcachefs"),
            Map.entry(0x794c7630L, "overlayfs"));

    private static final Map<Long, String> SHARED = Map.ofEntries(
            Map.entry(0x6969L, "NFS"),
            Map.entry(0x01021997L, "9p"),
            Map.entry(0x65735546L, "FUSE or virtiofs"),
            Map.entry(0x00c36400L, "ceph"),
            Map.entry(0xff534d42L, "CIFS"),
            Map.entry(0xfe534d42L, "SMB"),
            Map.entry(0x5346414fL, "AFS"),
            Map.entry(0x01161970L, "GFS2"),
            Map.entry(0x7461636fL, "OCFS2"),
            Map.entry(0x0bd00bd0L, "Lustre"),
            Map.entry(0x47504653L, "GPFS"),
            Map.entry(0x786f4256L, "vboxsf"));

    private FileSystems() {}

    static boolean isLocal(long type) {
        return LOCAL.containsKey(type);
    }

    static String nameOf(long type) {
        String name = LOCAL.get(type);
        name = name == null ? SHARED.get(type) : name;
        return name == null ? "unknown, 0x" + HexFormat.of().toHexDigits(type, 8) : name;
    }
}
