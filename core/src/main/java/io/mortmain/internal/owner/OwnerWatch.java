package io.mortmain.internal.owner;

import io.mortmain.internal.linux.Poll;
import io.mortmain.internal.linux.ThreadStatus;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The second witness: one daemon thread per process, from the first wait that lasts until a second after the last, which sleeps on the
 * thread descriptors of the holders that somebody of this process waits for, and marks the mutexes of those that are proven not to hold
 * them.
 *
 * <p>Invariants:
 * <ol>
 *   <li>A mutex is marked only under this object's monitor and while somebody waits for it: afterwards its address may be another's.
 *   <li>A holder is watched once, however many threads wait for it with the same mutex; it is forgotten, within 20 ms, when the last of them
 *       has ended its watch, or its word was marked.
 *   <li>Descriptors are opened and closed by the watching thread only.
 *   <li>{@code poll} is there exactly while a watching thread is, or is about to be, that will look at {@code watched} again.
 * </ol>
 */
public final class OwnerWatch extends Witness {
    public static final OwnerWatch INSTANCE = new OwnerWatch(
            new Takeover(MappedWords.INSTANCE, LinuxKernel.INSTANCE, RegionTurns.INSTANCE), LinuxHolderView::new);

    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PAUSE_BEFORE_NEXT_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LINGER_MILLIS = 1_000;
    /**
     * Also while it watches: who ends a watch wakes nobody, and a JVM that ends waits for threads that are in native calls, for 0.3 s if
     * need be.
     */
    private static final int LONGEST_SLEEP_MILLIS = 20;

    private final Takeover takeover;
    private final HolderView.Source views;
    private final List<Watched> watched = new ArrayList<>();
    private @Nullable Poll poll;
    private long lastUse = System.nanoTime();

    OwnerWatch(Takeover takeover, HolderView.Source views) {
        this.takeover = takeover;
        this.views = views;
    }

    @Override
    public synchronized @Nullable Watch watch(long mutex, int threadId) {
        try {
            Poll running = running();
            Watched entry = find(mutex, threadId);
            if (entry == null) {
                entry = new Watched(this, mutex, threadId, views.of(mutex, threadId));
                watched.add(entry);
                running.wake();
            }
            entry.waiters++;
            return entry;
        } catch (Throwable noRoom) { // memory, threads, descriptors, or stack; an entry without waiters is forgotten
            return null;
        }
    }

    private @Nullable Watched find(long mutex, int threadId) {
        for (Watched entry : watched) {
            if (entry.mutex == mutex && entry.threadId == threadId && entry.waiters > 0 && !entry.isMarked) {
                return entry;
            }
        }
        return null;
    }

    /** Wakes nobody: who was told of a death, or got the mutex, is in a hurry, and the watching thread would run in his place. */
    synchronized void end(Watched entry) {
        entry.waiters--;
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
        if (poll != null) {
            return poll;
        }
        Poll made = new Poll();
        try {
            Thread thread = Thread.ofPlatform()
                    .daemon()
                    .name("mortmain-owner-watch")
                    .inheritInheritableThreadLocals(false)
                    .unstarted(() -> watchFor(made));
            thread.setContextClassLoader(null); // that of whoever came first would be kept
            thread.start();
        } catch (Throwable failed) {
            made.close();
            throw failed;
        }
        poll = made;
        lastUse = System.nanoTime();
        return made;
    }

    private void watchFor(Poll used) {
        try {
            while (!endIfIdle()) {
                try {
                    round(used);
                } catch (Throwable failed) { // without memory, say; who waits looks for itself meanwhile
                    LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
                }
            }
        } finally {
            leave(used);
        }
    }

    /**
     * After a while without work the watching thread ends: it would keep the library's classes for ever. From this decision on whoever
     * begins to wait has another: nobody would look at what he adds.
     */
    private synchronized boolean endIfIdle() {
        boolean idle = watched.isEmpty() && System.nanoTime() - lastUse > TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
        if (idle) {
            poll = null;
        }
        return idle;
    }

    private synchronized void leave(Poll used) {
        if (poll == used) { // this thread could not go on; the next to wait begins anew
            watched.forEach(Watched::close);
            watched.clear();
            poll = null;
        }
        used.close();
    }

    private void round(Poll used) {
        Watched[] entries = current();
        int[] descriptors = new int[entries.length];
        for (int i = 0; i < entries.length; i++) {
            descriptors[i] = entries[i].descriptor();
        }
        boolean[] ended = used.await(descriptors, millisUntilDue(entries));
        for (int i = 0; i < ended.length; i++) {
            Watched entry = entries[i];
            if ((ended[i] || entry.nanosUntilDue(System.nanoTime()) == 0) && entry.isProven(ended[i])) {
                mark(entry);
            }
        }
    }

    private synchronized Watched[] current() {
        for (int i = watched.size() - 1; i >= 0; i--) {
            Watched entry = watched.get(i);
            if (entry.waiters == 0 || entry.isMarked) {
                entry.close();
                watched.remove(i);
                lastUse = System.nanoTime();
            }
        }
        return watched.toArray(Watched[]::new);
    }

    private static int millisUntilDue(Watched[] entries) {
        long now = System.nanoTime();
        long nanos = TimeUnit.MILLISECONDS.toNanos(LONGEST_SLEEP_MILLIS);
        for (Watched entry : entries) {
            nanos = Math.min(nanos, entry.nanosUntilDue(now));
        }
        return (int) TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
    }

    /**
     * Marks it on a second proof. Where the word has another number, the watch has done its work: who sees the same number again begins
     * another. Where somebody else has the turn, or the proof fails, it goes on.
     */
    /*
     * The wake-up comes when the turn and the monitor are free again: whoever is woken ends his watch next, and would wait for both.
     * Nobody needs the mutex's address for it: at worst, a word that is another's by then is looked at once too often.
     */
    private void mark(Watched entry) {
        if (isMarked(entry)) {
            takeover.wake(entry.mutex);
        } else if (isStillDue(entry)) {
            LockSupport.parkNanos(PAUSE_BEFORE_NEXT_TURN_NANOS);
        }
    }

    private synchronized boolean isMarked(Watched entry) {
        boolean marked = entry.waiters > 0 && takeover.markOnly(entry.mutex, entry.threadId, entry::isProvenAnew);
        entry.isMarked = entry.waiters > 0 && !takeover.isHolder(entry.mutex, entry.threadId);
        return marked;
    }

    private synchronized boolean isStillDue(Watched entry) {
        return entry.waiters > 0 && !entry.isMarked;
    }
}
