package io.mortmain.internal.region;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import java.nio.file.Path;

/** The door's exceptions that several classes throw of a region. */
public final class Failures {
    private Failures() {}

    /** What the kernel said about the file. */
    public static RegionException of(String path, LinuxException failure) {
        Reason reason = switch (failure.errno()) {
            case ENOENT, ENOTDIR -> Reason.NOT_FOUND;
            case EEXIST -> Reason.ALREADY_EXISTS;
            case EACCES, EPERM, EROFS -> Reason.NO_PERMISSION;
            case ENOSPC, EDQUOT, EFBIG -> Reason.NO_SPACE;
            case EMFILE, ENFILE, ENOMEM, EAGAIN -> Reason.LIMIT_REACHED;
            case ELOOP, EISDIR, ENXIO -> Reason.NOT_SECURE;
            case EOPNOTSUPP, ENODEV -> Reason.UNSUPPORTED_FILE_SYSTEM;
            case EINVAL, ENAMETOOLONG -> Reason.INVALID_ARGUMENT;
            default -> Reason.SYSTEM;
        };
        return new RegionException(reason, "region " + path + ": " + failure.sentence(), failure);
    }

    static RegionException closed(Path region) {
        if (OpenFile.isDescriptor(region.toString())) { // a number that may be another file's by now
            return new RegionException(
                    Reason.CLOSED, "this handle on an anonymous region is closed; keep it open as long as it is used");
        }
        return new RegionException(
                Reason.CLOSED, "this handle on region " + region + " is closed; open the region again");
    }
}
