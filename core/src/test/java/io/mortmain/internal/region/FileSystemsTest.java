package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row D13: which file systems are this kernel's alone. The numbers are those of linux/magic.h and of the file systems' own sources. */
class FileSystemsTest {
    @ParameterizedTest
    @CsvSource({"01021994,tmpfs", "ef53,ext4", "58465342,xfs", "9123683e,btrfs", "794c7630,overlayfs", "f2f52010,f2fs"})
    void shouldAllowWhenOnlyThisKernelWrites(String magic, String name) {
        assertThat(FileSystems.isLocal(Long.parseLong(magic, 16))).isTrue();
        assertThat(FileSystems.nameOf(Long.parseLong(magic, 16))).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "6969,NFS",
        "01021997,9p",
        "65735546,FUSE or virtiofs",
        "00c36400,ceph",
        "ff534d42,CIFS",
        "fe534d42,SMB",
        "01161970,GFS2",
        "7461636f,OCFS2",
        "0bd00bd0,Lustre",
        "47504653,GPFS"
    })
    void shouldRefuseWhenOtherHostsMayWrite(String magic, String name) {
        assertThat(FileSystems.isLocal(Long.parseLong(magic, 16))).isFalse();
        assertThat(FileSystems.nameOf(Long.parseLong(magic, 16))).isEqualTo(name);
    }

    @Test
    void shouldRefuseWhenTheFileSystemIsUnknown() {
        assertThat(FileSystems.isLocal(0x1234L)).isFalse();
        assertThat(FileSystems.nameOf(0x1234L)).isEqualTo("unknown, 0x00001234");
    }
}
