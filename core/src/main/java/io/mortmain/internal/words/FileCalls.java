package io.mortmain.internal.words;

import io.mortmain.internal.linux.LinuxException;

/**
 * The seam for the file of a region: every system call by which it is made, gets its name, is found by it and loses it. In production it is
 * {@link LinuxFileCalls}; where the code over it is explored, each call is a step of a simulated machine.
 *
 * <p>All methods throw {@link LinuxException} where the kernel refuses.
 *
 * @param <F> an open file
 */
public abstract class FileCalls<F> {
    /** Longer than a creation takes. */
    public static final long LONGEST_PAUSE_NANOS = 20_000_000;

    /** What is looked at before a file is believed. {@code device} and {@code inode} together name it on this machine. */
    public record Status(boolean isRegularFile, int userId, long size, long device, long inode) {}

    /** A file without a name in the given folder, for reading and writing; EOPNOTSUPP or EISDIR where the file system has none. */
    public abstract F nameless(String folder);

    /** Opens a file for reading and writing; a symbolic link is ELOOP, but for the path of a descriptor of this process; never blocks on a pipe. */
    public abstract F existing(String path);

    /** As {@link #existing}, for reading only. */
    public abstract F existingReadOnly(String path);

    /** The magic number of the file system. */
    public abstract long fileSystemType(F file);

    /** Reserves the space, so that a later store there cannot fail for want of it; where the file ends before, it is made longer. */
    public abstract void reserve(F file, long offset, long size);

    /** Writes all bytes at {@code offset} of the file. */
    public abstract void write(F file, long offset, byte[] bytes);

    /** Reads up to {@code size} bytes at {@code offset} of the file; shorter at its end. */
    public abstract byte[] read(F file, long offset, int size);

    public abstract void setGroup(F file, int groupId);

    /** Permission bits, as in chmod(2); the process's umask does not apply. */
    public abstract void setMode(F file, int mode);

    public abstract Status status(F file);

    /** Gives a nameless file its name in one step; EEXIST where the name is taken. */
    public abstract void linkTo(F file, String name);

    /** Removes a name. */
    public abstract void unlink(String path);

    public abstract void close(F file);

    public abstract int effectiveUserId();

    /** Sleeps for a random time, up to {@link #LONGEST_PAUSE_NANOS}; less for any reason or none. */
    public abstract void pause();

    /** What a call fails with, for a kernel that is none. */
    protected static RuntimeException failure(String call, String object, int errno) {
        return new LinuxException(call, object, errno);
    }
}
