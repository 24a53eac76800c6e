package io.mortmain.internal.linux;

/**
 * The error numbers that Mortmain meets, each with what to do about it. The numbers are those of asm-generic/errno.h, the same on
 * x86_64 and aarch64; a test compares them with the machine's headers.
 */
public enum Errno {
    EPERM(1, "the kernel does not allow it", "run as the owner of the file, or with the privilege that the call needs"),
    ENOENT(2, "there is no such file", "check the name, or create it first"),
    ESRCH(3, "there is no such thread or process", "it has ended"),
    EINTR(4, "a signal interrupted the call", "try again"),
    EIO(5, "the device reported an error", "check the kernel's log"),
    ENXIO(6, "it is a socket or a device that is not there", "give the path of a file"),
    E2BIG(7, "arguments and environment are too long", "pass less, or by a file"),
    ENOEXEC(8, "it is not a program", "begin a script with a line such as #!/bin/sh"),
    EBADF(9, "the file descriptor is not open", "give one that is open, and close it later"),
    ECHILD(
            10,
            "it is no child of this process, or somebody else has taken its end",
            "do not wait for any child (waitpid -1) or ignore SIGCHLD in native code"),
    EAGAIN(11, "the kernel lacks a resource at this moment", "try again, or raise the limit"),
    ENOMEM(
            12,
            "there is not enough memory or address space",
            "free memory, or raise the limit (ulimit -v, cgroup memory.max)"),
    EACCES(13, "permission is denied", "check owner and mode of the file and of its folder"),
    EFAULT(14, "the address is not mapped", "the memory was unmapped or its file truncated by somebody else"),
    EEXIST(17, "it exists already", "open it instead, or remove it first"),
    EXDEV(18, "it is on another file system", "give a path on the file system of its folder"),
    ENODEV(19, "the file system cannot map files", "use tmpfs (/dev/shm), ext4, xfs or btrfs"),
    ENOTDIR(20, "a part of the path is not a folder", "check the path"),
    EISDIR(21, "it is a folder", "give the path of a file"),
    EINVAL(22, "the kernel refused an argument", "check size and options"),
    ENFILE(23, "the machine has no file handle left", "close files, or raise fs.file-max"),
    EMFILE(24, "this process has no file descriptor left", "close files, or raise the limit (ulimit -n)"),
    ETXTBSY(26, "somebody writes the program at this moment", "close it there first"),
    EFBIG(27, "the file would be too large", "choose a smaller capacity, or raise the limit (ulimit -f)"),
    ENOSPC(
            28,
            "the file system is full",
            "free space, enlarge it (mount -o remount,size=… /dev/shm), or choose a smaller capacity"),
    EROFS(30, "the file system is read-only", "choose another folder"),
    EPIPE(32, "nobody reads the other end any more", "stop writing"),
    ENAMETOOLONG(36, "the name is too long", "choose a name of at most 200 bytes"),
    ENOSYS(
            38,
            "this kernel or sandbox lacks the system call",
            "use Linux 5.15 or later, or allow the call in the seccomp profile"),
    ELOOP(40, "it is a symbolic link", "give the path of the file itself"),
    EOPNOTSUPP(95, "the file system cannot do it", "use tmpfs (/dev/shm), ext4, xfs or btrfs"),
    ETIMEDOUT(110, "the time is over", "wait longer"),
    EDQUOT(122, "the disk quota is used up", "free space, or raise the quota"),
    /** Any number that has no row here. */
    OTHER(-1, "the call failed", "see errno(3)");

    private final int number;
    private final String meaning;
    private final String cure;

    Errno(int number, String meaning, String cure) {
        this.number = number;
        this.meaning = meaning;
        this.cure = cure;
    }

    public int number() {
        return number;
    }

    /** What the number says, as a clause. */
    public String meaning() {
        return meaning;
    }

    /** What the user can do, as a clause in the imperative. */
    public String cure() {
        return cure;
    }

    public static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }
}
