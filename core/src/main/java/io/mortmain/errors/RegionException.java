package io.mortmain.errors;

/** A region could not be created, opened, used or closed. Nothing was changed, and nothing half-made is left. */
public final class RegionException extends MortmainException {
    private static final long serialVersionUID = 1L;

    /** Why, for code that wants to tell. */
    public enum Reason {
        NOT_FOUND,
        ALREADY_EXISTS,
        /** A name, size, or option that cannot be. */
        INVALID_ARGUMENT,
        NO_PERMISSION,
        /** File system, quota, or file size limit. */
        NO_SPACE,
        /** Descriptors, mappings, memory, or the number of objects. */
        LIMIT_REACHED,
        /** A symbolic link, no regular file, or a file of another user. */
        NOT_SECURE,
        /** A file system that other kernels may share, or one that lacks what is needed. */
        UNSUPPORTED_FILE_SYSTEM,
        /** Not a region at all. */
        NOT_A_REGION,
        /** Another version, ABI, PID namespace, or kind of object than asked for. */
        INCOMPATIBLE,
        /** Of another boot, by its boot id, and yet not surely written before the last reboot: somebody who uses it may live. */
        OTHER_BOOT,
        /** A region whose bytes are wrong. */
        DAMAGED,
        /** Something in it is held, waited for, or read at this moment. */
        IN_USE,
        CLOSED,
        /** Anything else that the kernel said. */
        SYSTEM
    }

    private final Reason reason;

    public RegionException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public RegionException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
