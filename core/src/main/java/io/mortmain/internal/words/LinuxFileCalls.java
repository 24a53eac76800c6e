package io.mortmain.internal.words;

import io.mortmain.internal.linux.OpenFile;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The files of the kernel under this process. */
public final class LinuxFileCalls extends FileCalls<OpenFile> {
    public static final LinuxFileCalls INSTANCE = new LinuxFileCalls();

    private LinuxFileCalls() {}

    @Override
    public OpenFile nameless(String folder) {
        return OpenFile.nameless(folder);
    }

    @Override
    public OpenFile existing(String path) {
        return OpenFile.isDescriptor(path) ? OpenFile.ofDescriptor(path) : OpenFile.existing(path);
    }

    @Override
    public OpenFile existingReadOnly(String path) {
        return OpenFile.existingReadOnly(path);
    }

    @Override
    public long fileSystemType(OpenFile file) {
        return file.fileSystemType();
    }

    @Override
    public void reserve(OpenFile file, long offset, long size) {
        file.reserve(offset, size);
    }

    @Override
    public void write(OpenFile file, long offset, byte[] bytes) {
        file.write(offset, bytes);
    }

    @Override
    public byte[] read(OpenFile file, long offset, int size) {
        return file.read(offset, size);
    }

    @Override
    public void setGroup(OpenFile file, int groupId) {
        file.setGroup(groupId);
    }

    @Override
    public void setMode(OpenFile file, int mode) {
        file.setMode(mode);
    }

    @Override
    public Status status(OpenFile file) {
        OpenFile.Status status = file.status();
        return new Status(status.isRegularFile(), status.userId(), status.size(), status.device(), status.inode());
    }

    @Override
    public void linkTo(OpenFile file, String name) {
        file.linkTo(name);
    }

    @Override
    public void unlink(String path) {
        OpenFile.unlink(path);
    }

    @Override
    public void close(OpenFile file) {
        file.close();
    }

    @Override
    public int effectiveUserId() {
        return OpenFile.effectiveUserId();
    }

    @Override
    public void pause() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
    }
}
