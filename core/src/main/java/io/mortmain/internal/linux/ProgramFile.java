package io.mortmain.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** euidaccess(3): what this process may do with a file, by its path as bytes. What exec says later counts. */
public final class ProgramFile {
    private static final int F_OK = 0;
    private static final int X_OK = 1;
    private static final MethodHandle EUIDACCESS = Native.withErrno("euidaccess", 2);

    private ProgramFile() {}

    /** Whether there is a file of any kind. */
    public static boolean exists(byte[] path) {
        return access(path, F_OK) == 0;
    }

    /** The error of executing a file, or of entering a folder; 0: none known. */
    public static int refusal(byte[] path) {
        return access(path, X_OK);
    }

    private static int access(byte[] path, int how) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Native.errnoLayout());
            MemorySegment name = CStrings.of(path, arena);
            var result = (int) (long) EUIDACCESS.invokeExact(errno, name.address(), (long) how);
            return result == 0 ? 0 : Native.errno(errno);
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
