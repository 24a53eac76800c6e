package io.mortmain.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * What the C library calls around each fork(2) of this process that goes through it, but not around _Fork, vfork, posix_spawn and the bare
 * system calls. Never taken back: the code must stay where it is for as long as the process lives.
 */
public final class ForkHandlers {
    /** pthread_atfork itself cannot be looked up: it is linked into each program. */
    private static final String REGISTER = "__register_atfork";

    /** From this version on glibc runs them without a lock of its own: glibc bug 24595. */
    private static final int WITHOUT_LOCK = 36;

    private ForkHandlers() {}

    /** Whether the C library has them. */
    public static boolean areThere() {
        return Native.find(REGISTER).isPresent();
    }

    /**
     * Whether a handler may wait for another thread. Where it runs under a lock of the C library, a signal handler that forks in the thread that
     * waits would wait for what its own thread has, and so would whoever registers handlers, as a library does that is loaded.
     */
    public static boolean mayWait() {
        return mayWait(Platform.glibcVersion().orElse(""));
    }

    static boolean mayWait(String glibc) {
        return Platform.isGlibc(glibc, WITHOUT_LOCK);
    }

    /** Registers code at three addresses. */
    public static void register(long prepare, long parent, long child) {
        MethodHandle register = Native.function(REGISTER, 4);
        try {
            var error = (int) (long) register.invokeExact(prepare, parent, child, 0L);
            if (error != 0) {
                throw new LinuxException(REGISTER, "fork handlers", error);
            }
        } catch (LinuxException failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw Native.unexpected(thrown);
        }
    }
}
