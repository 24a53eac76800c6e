package io.mortmain.internal.linux;

import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The options of the JDK as open(2) has them. */
public final class OpenFlags {
    private static final int O_WRONLY = 01;
    private static final int O_RDWR = 02;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_TRUNC = 01000;
    private static final int O_APPEND = 02000;
    private static final int O_DSYNC = 010000;
    private static final int O_SYNC = 04010000;

    private OpenFlags() {}

    /**
     * All of them in one number.
     *
     * @throws IllegalArgumentException for DELETE_ON_CLOSE
     */
    public static int of(Set<StandardOpenOption> options) {
        boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        int flags = 0;
        if (writes) {
            flags = options.contains(StandardOpenOption.READ) ? O_RDWR : O_WRONLY;
        }
        for (StandardOpenOption option : options) {
            flags |= switch (option) {
                case READ, WRITE, SPARSE -> 0;
                case APPEND -> O_APPEND;
                case CREATE -> O_CREAT;
                case CREATE_NEW -> O_CREAT | O_EXCL;
                case TRUNCATE_EXISTING -> writes ? O_TRUNC : 0;
                case DSYNC -> O_DSYNC;
                case SYNC -> O_SYNC;
                case DELETE_ON_CLOSE ->
                    throw new IllegalArgumentException(
                            "a file that is handed over cannot be deleted on close; delete it when the child has ended");
            };
        }
        return flags;
    }
}
