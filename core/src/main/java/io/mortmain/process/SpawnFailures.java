package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.PosixSpawn;
import io.mortmain.internal.linux.ProgramFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the kernel said, as typed errors: the error number alone does not tell a missing program from its missing interpreter or folder. */
final class SpawnFailures {
    private SpawnFailures() {}

    /** Where there is no descriptor left, no class can be loaded from a folder to say so. */
    static void load() {
        for (Errno errno : Errno.values()) {
            SpawnException loaded = ofKernel("nothing", new LinuxException("nothing", "", errno.number()));
            assert loaded.reason() != Reason.NOT_INHERITED;
        }
    }

    /** @param what could not be done, as the beginning of a sentence */
    static SpawnException ofKernel(String what, LinuxException failure) {
        return new SpawnException(
                reasonOf(failure.errno()), failure.number(), what + ": " + failure.sentence(), failure);
    }

    private static Reason reasonOf(Errno errno) {
        return switch (errno) {
            case ENOENT, ENOTDIR -> Reason.NOT_FOUND;
            case EACCES, EPERM, EROFS -> Reason.NO_PERMISSION;
            case ENOEXEC, EISDIR, ELOOP -> Reason.NOT_A_PROGRAM;
            case EINVAL, ENAMETOOLONG -> Reason.INVALID_ARGUMENT;
            case E2BIG -> Reason.TOO_LONG;
            case EBADF -> Reason.BAD_DESCRIPTOR;
            case EAGAIN, ENOMEM, EMFILE, ENFILE -> Reason.LIMIT_REACHED;
            default -> Reason.SYSTEM;
        };
    }

    /** Of a program that was tried at that path. */
    static SpawnException ofProgram(
            ProgramPath program, byte[] tried, PosixSpawn.Setting setting, LinuxException failure) {
        String what = "cannot start " + program;
        Errno errno = failure.errno();
        boolean isAboutFiles = errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.EACCES;
        String folder = isAboutFiles ? program.refusalOfFolder() : null;
        if (folder != null) {
            return of(reasonOf(errno), what, folder, failure);
        }
        String setup = refusalOfSetting(errno, setting);
        if (setup != null) {
            return of(reasonOf(errno), what, setup, failure);
        }
        byte[] file = program.seenFromHere(tried);
        if (errno == Errno.ENOENT && ProgramFile.exists(file)) {
            String missing =
                    "its interpreter is missing, which its first line (#!) or the program itself names (ENOENT);"
                            + " install it, or correct the line";
            return of(Reason.NOT_FOUND, what, missing, failure);
        }
        if (errno == Errno.EACCES && Files.isDirectory(Path.of(Bytes.text(file)))) {
            return of(Reason.NOT_A_PROGRAM, what, "it is a folder (EACCES); give the path of a program", failure);
        }
        return ofKernel(what, failure);
    }

    /** Where it is not about the program at all, why, as a clause. */
    private static @Nullable String refusalOfSetting(Errno errno, PosixSpawn.Setting setting) {
        Integer group = setting.group();
        if (errno == Errno.EPERM && group != null && group > 0) {
            return setting.session()
                    ? "the leader of a new session cannot change its group (EPERM); leave out group or newSession"
                    : "there is no group " + group
                            + " in this session (EPERM); give one that has a process, or a new one";
        }
        return errno == Errno.EAGAIN
                ? "there are as many processes and threads as may be (EAGAIN); end some, or raise the limit (ulimit -u,"
                        + " cgroup pids.max)"
                : null;
    }

    private static SpawnException of(Reason reason, String what, String why, LinuxException failure) {
        return new SpawnException(reason, failure.number(), what + ": " + why, failure);
    }

    /** Of a program that is in no folder of PATH. */
    static SpawnException ofSearch(
            ProgramPath program, String folders, @Nullable LinuxException denied, boolean mayNot) {
        String what = "cannot start " + program + ": ";
        String where = folders.isEmpty() ? "in its working folder, as PATH is empty" : "in PATH (" + folders + ")";
        return mayNot
                ? new SpawnException(
                        Reason.NO_PERMISSION,
                        Errno.EACCES.number(),
                        what + "what is of that name " + where
                                + " may not be executed (EACCES); check owner and mode of the file and of its folder",
                        denied)
                : new SpawnException(
                        Reason.NOT_FOUND,
                        Errno.ENOENT.number(),
                        what + "there is no such file " + where + " (ENOENT); check the name, or give its path",
                        denied);
    }
}
