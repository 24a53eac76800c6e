package io.mortmain.internal.owner;

import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.Poll;
import io.mortmain.internal.linux.ThreadStatus;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The second witness: one daemon thread per process, from the first wait that lasts, which sleeps on the thread descriptors of the
 * holders that somebody of this process waits for, and marks the mutexes of those that are proven not to hold them.
 *
 * <p>Invariants:
 * <ol>
 *   <li>A mutex is marked, or its word read directly, only under this object's monitor and while it is watched: after {@link #unwatch} its
 *       address may become another's.
 *   <li>Descriptors are opened and closed by the watching thread only.
 * </ol>
 */
public final class OwnerWatch extends Witness {
    public static final OwnerWatch INSTANCE = new OwnerWatch(new Takeover(MappedWords.INSTANCE, LinuxKernel.INSTANCE));

    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int LINGER_MILLIS = 1_000;

    private final Takeover takeover;
    private final Map<Long, Watched> watched = new HashMap<>();
    private final List<Watched> retired = new ArrayList<>();
    private @Nullable Poll poll;
    private long lastUse = System.nanoTime();

    private OwnerWatch(Takeover takeover) {
        this.takeover = takeover;
    }

    @Override
    public synchronized boolean watch(long mutex, int threadId) {
        try {
            Watched before = watched.get(mutex);
            if (before != null && before.threadId == threadId) {
                before.waiters++;
                return true;
            }
            Poll poll = running();
            Watched added = new Watched(mutex, threadId);
            if (before != null) {
                added.waiters += before.waiters;
                retired.add(before);
            }
            watched.put(mutex, added);
            poll.wake();
            return true;
        } catch (LinuxException | OutOfMemoryError noRoom) {
            return false;
        }
    }

    @Override
    public synchronized void unwatch(long mutex) {
        Watched entry = watched.get(mutex);
        if (entry != null && --entry.waiters == 0) {
            watched.remove(mutex);
            retired.add(entry);
            if (poll != null) {
                poll.wake();
            }
        }
    }

    @Override
    public boolean isGone(int threadId) {
        try {
            return ThreadStatus.isGone(threadId);
        } catch (OutOfMemoryError unseen) {
            return false;
        }
    }

    @Override
    public boolean holds(long mutex) {
        return RobustListLook.atCaller(mutex) != RobustListLook.Verdict.ABSENT;
    }

    private Poll running() {
        Poll running = poll;
        if (running == null) {
            running = new Poll();
            Poll used = running;
            lastUse = System.nanoTime();
            Thread.ofPlatform().daemon().name("mortmain-owner-watch").start(() -> watchFor(used));
            poll = running;
        }
        return running;
    }

    private void watchFor(Poll poll) {
        while (!isIdle(poll)) {
            try {
                round(poll);
            } catch (Throwable failed) { // without memory, say; who waits looks for itself meanwhile
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
            }
        }
    }

    /** Ends the watching thread after {@link #LINGER_MILLIS} without work: it would keep the library's classes for ever. */
    private synchronized boolean isIdle(Poll used) {
        if (!watched.isEmpty() || System.nanoTime() - lastUse < TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS)) {
            return false;
        }
        retire();
        used.close();
        poll = null;
        return true;
    }

    private void round(Poll poll) {
        List<Watched> entries = current();
        boolean[] ended =
                poll.await(entries.stream().mapToInt(Watched::descriptor).toArray(), millisUntilDue(entries));
        for (int i = 0; i < ended.length; i++) {
            Watched entry = entries.get(i);
            if ((ended[i] || entry.nanosUntilDue(System.nanoTime()) == 0) && entry.isProven(ended[i])) {
                mark(entry);
            }
        }
    }

    private synchronized List<Watched> current() {
        retire();
        return List.copyOf(watched.values());
    }

    private void retire() {
        if (!retired.isEmpty()) {
            lastUse = System.nanoTime();
        }
        retired.forEach(Watched::close);
        retired.clear();
    }

    private static int millisUntilDue(List<Watched> entries) {
        long now = System.nanoTime();
        long nanos = entries.stream()
                .mapToLong(entry -> entry.nanosUntilDue(now))
                .min()
                .orElse(Long.MAX_VALUE);
        if (entries.isEmpty()) {
            return LINGER_MILLIS;
        }
        return nanos == Long.MAX_VALUE ? -1 : (int) TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
    }

    /** Whether the word was still to be marked or not, the watch has done its work; who sees another holder begins another. */
    private synchronized void mark(Watched entry) {
        if (watched.remove(entry.mutex, entry)) {
            retired.add(entry);
            takeover.mark(entry.mutex, entry.threadId);
        }
    }
}
