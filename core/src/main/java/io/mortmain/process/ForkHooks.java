package io.mortmain.process;

import io.mortmain.errors.ForkHooksException;
import java.time.Duration;

/**
 * What Java code has to do around the forks of its own process, whoever forks: a native library, or {@link ProcessBuilder} where it is told to
 * fork. A child has one thread and a copy of all memory: what another thread held at that moment stays locked in it for ever. A program whose hooks
 * hold its critical locks across the fork has no thread inside at that moment, and what the child copies is whole.
 *
 * <p>Hooks run in the classic order: those before the fork, last registered first; those after it, first registered first. They run in a thread
 * of the library's, which the forking thread waits for; no Java code ever runs in the forking thread, and none in the child. So:
 *
 * <ul>
 *   <li>A lock that belongs to a thread is the hook thread's while the fork lasts: take and release it in hooks of one registration.
 *   <li>A hook that waits for what the forking thread holds waits in vain. The fork goes on after the {@linkplain #setTimeLimit time limit}, whatever hooks
 *       do; listeners are told where the hook stands then, and {@link NativeFork.Hooks#TOO_LATE} if it is one before the fork. Hooks that were not begun are left out; those that were
 *       begun end, and then their hooks after the fork run. As long as one does not return, no other hook runs: each fork waits for the limit, and listeners are
 *       told {@link NativeFork.Hooks#NO_TURN}. Close its registration, and the others run again, in another thread; but for those that the stuck thread
 *       had begun: they end in that thread, when the hook returns, and until then forks do without them ({@link NativeFork.Hooks#TOO_LATE}).
 *   <li>A hook that throws does not stop the fork, nor other hooks. Its own hook after the fork does not run, as nothing is closed that could not be
 *       opened. The exception is given to the handler for uncaught exceptions, and to listeners. Each hook begins uninterrupted.
 *   <li>Forks in different threads take turns while there are hooks or listeners, each from its first hook to its last.
 *   <li>While a thread of the JVM that runs Java code cannot reach a safepoint, hooks cannot run: in a signal handler over Java code, or a
 *       critical downcall: the time limit ends the wait.
 *   <li>In a signal handler hooks do not run, since the thread may hold whatever they wait for. It is known by the kernel's frame on its stack, unless the
 *       handler leaves its own signal unblocked ({@code SA_NODEFER}); then hooks are tried.
 * </ul>
 *
 * <p>Hooks do not run for _Fork(3), vfork(2), posix_spawn(3), and bare system calls, as handlers of pthread_atfork(3) do not. They cannot cure what no
 * such handler can: whatever is not known to them stays as it was in the child. For Java code that goes on in a forked child of a JVM nothing can be
 * promised: many such children hang in the JVM itself.
 *
 * <p>All methods may be called by any thread. Needs glibc 2.36 or later on x86_64 or aarch64, since an older one calls fork handlers under a lock of
 * its own, and the permission to make some machine code.
 */
public final class ForkHooks {
    private ForkHooks() {}

    /** What was registered, until it is closed. */
    public interface Registration extends AutoCloseable {
        /**
         * Takes it back: forks that begin afterwards know nothing of it. One that has begun ends as it began; if nothing else is registered
         * by then, its thread does not wait for the hooks after it. Where the hook itself does not return, later forks do not wait for it once the
         * time limit of the one that has begun has passed. Closing again does nothing.
         */
        @Override
        void close();
    }

    /**
     * From now on, runs the first before each fork, and the second after it in the parent, also where the fork failed.
     *
     * @throws ForkHooksException why hooks cannot be had here
     */
    public static Registration register(Runnable prepare, Runnable parent) {
        return ForkRegistry.instance().add(new Hook(prepare, parent));
    }

    /**
     * From now on, tells the listener of each fork; but not of those that a signal handler makes in a thread in the midst of its own fork, which
     * mostly hang for ever in the C library's own locks, and where such a one lives, its child may be taken for the child of the fork around it; nor of
     * those just before the JVM ends. The same is in flight recordings, as {@code io.mortmain.NativeFork}, while there are hooks or listeners.
     *
     * @throws ForkHooksException why forks cannot be told of here
     */
    public static Registration listen(ForkListener listener) {
        return ForkRegistry.instance().add(listener);
    }

    /**
     * How long a thread that forks waits, once for the hooks before and once for those after, each with the turns of others before it: as long, and some
     * tenths more on a busy machine. A second, unless set. Counted in undisturbed milliseconds: a signal to the thread takes off one that has not passed,
     * and one in which another fork begins or ends is not counted.
     *
     * @param limit 1 ms to 1 minute; counts for forks that begin afterwards
     * @throws IllegalArgumentException for another
     * @throws ForkHooksException why hooks cannot be had here
     */
    public static void setTimeLimit(Duration limit) {
        ForkRegistry.instance().setTimeLimit(limit);
    }
}
