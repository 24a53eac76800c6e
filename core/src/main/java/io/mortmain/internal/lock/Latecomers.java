package io.mortmain.internal.lock;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The threads that locked in a region which is being closed. Each may have been stopped in an uncontended acquisition, after its first look
 * at the gate, for as long as it likes; when it goes on, it may store its number in a word, or take it out again. Where the number is
 * its own in that region only, another process's thread may have the same in another region: so the addresses must not become another
 * region's before all of these were seen to have ended, or to be elsewhere. The gate lets none of them in again.
 *
 * <p>Where a thread is says the JVM, of all threads at one moment, inlined methods included: the pending word cannot, since a thread may be
 * stopped before it has stored it. Thread-safe.
 */
public final class Latecomers {
    public static final Latecomers NONE = new Latecomers(List.of());

    /** Whoever is in none of these has no store to these addresses before him. */
    static final Set<String> LOCKING = Set.of(
            "io.mortmain.RobustMutex", // above, so not to be named by its class
            RobustProtocol.class.getName(),
            SlowPaths.class.getName(),
            SlowAcquisition.class.getName());

    /** Weakly: a thread that nobody can reach has ended. */
    private final List<WeakReference<Thread>> unseen;

    /** The gates of the region are closing or closed. */
    Latecomers(Collection<Thread> threads) {
        unseen = new ArrayList<>(threads.size());
        for (Thread thread : threads) {
            unseen.add(new WeakReference<>(thread));
        }
    }

    /**
     * Whether none of them is left; asked by a thread that is in no lock path itself.
     *
     * @param elsewhere what {@link #threadsElsewhere} said after the region was closed, or nobody
     */
    @SuppressWarnings("ReferenceEquality") // a thread is itself
    public synchronized boolean areGone(Set<Thread> elsewhere) {
        unseen.removeIf(reference -> {
            Thread thread = reference.get();
            return thread == null
                    || !thread.isAlive()
                    || thread == Thread.currentThread()
                    || elsewhere.contains(thread);
        });
        return unseen.isEmpty();
    }

    /** The threads of this process that are in no lock path at this moment; by identity, since a subclass of Thread may have an equality of its own. */
    public static Set<Thread> threadsElsewhere() {
        Set<Thread> elsewhere = Collections.newSetFromMap(new IdentityHashMap<>());
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (Arrays.stream(stack).noneMatch(frame -> LOCKING.contains(frame.getClassName()))) {
                elsewhere.add(thread);
            }
        });
        return elsewhere;
    }
}
