package io.mortmain.internal.owner;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.OtherMemory;
import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.ThreadStatus;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The holder of one mutex under watch: what proves that it does not hold it any more. Used by the watching thread only, but for
 * the two fields that say so.
 *
 * <p>Proofs:
 * <ol>
 *   <li>The thread is gone ({@link ThreadStatus#isGone}). The kernel walks the robust list before that, so what it has not marked by then
 *       it will never mark.
 *   <li>A thread of this number lives, and its robust list, sound and whole, was found without the mutex while
 *       its number was in the word: {@link #LOOKS_ASLEEP} times if it was asleep all the while; else {@link #LOOKS} times, at irregular
 *       distances. It got the number of a dead holder.
 * </ol>
 * Everything else is no proof: stopped, traced, frozen, dumping core, a list that cannot be read.
 */
/*
 * Why so many looks: a thread that locks and unlocks all the time is without the mutex for a moment at each turn, and its word may be the
 * same before and after. For one look to be fooled, the list must be read in such a gap, and the word before it and after it in none.
 * With gaps for the fraction g of the time that is at most g(1 - g)², or 15 %; for all, 1e-19.
 */
final class Watched extends Witness.Watch {
    static final int LOOKS = 24;
    private static final int MOST_LOOKS = 60;
    /** One would do, were there not a moment in which a thread that goes to sleep is shown asleep and still runs. */
    private static final int LOOKS_ASLEEP = 2;

    private static final long LEAST_DISTANCE_NANOS = 20_000;
    private static final long MOST_DISTANCE_NANOS = 150_000;
    /** Where the end of the thread is no event, how often to look: as patient as the waiter was already. */
    private static final long LEAST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private static final long MOST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long PERIODS_SO_FAR = 40;
    private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int NONE = -1;

    final long mutex;
    final int threadId;
    private final long since = System.nanoTime();
    private final OwnerWatch owner;
    /** How many threads of this process wait; guarded by the {@link OwnerWatch}. */
    int waiters;
    /** Whether the word was marked, or found to need it no more; guarded too. */
    boolean isMarked;

    private @Nullable PidDescriptor descriptor;
    private boolean opened;
    private boolean endIsNoEvent;
    private boolean settled;
    private long due = since;

    Watched(OwnerWatch owner, long mutex, int threadId) {
        this.owner = owner;
        this.mutex = mutex;
        this.threadId = threadId;
    }

    @Override
    public void end() {
        owner.end(this);
    }

    /** To wait on; negative where there is none. */
    int descriptor() {
        return descriptor == null ? NONE : descriptor.number();
    }

    /** Nanoseconds until the next look that no event announces; {@link Long#MAX_VALUE} for never. */
    long nanosUntilDue(long now) {
        return opened && settled && !endIsNoEvent ? Long.MAX_VALUE : Math.max(0, due - now);
    }

    /** Looks. True when it is proven that the thread does not hold the mutex. */
    boolean isProven(boolean ended) {
        if (ThreadStatus.isGone(threadId)) {
            return true;
        }
        if (ended) { // and another has the number already; or it is a zombie, and /proc hides it
            close();
            endIsNoEvent = true;
            settled = false;
        } else if (!opened) {
            open(); // before the looks: should this one end and another follow, that is an event
        }
        if (!settled && isWithoutTheMutex()) {
            return true;
        }
        long now = System.nanoTime();
        long age = now - since;
        due = now
                + (settled
                        ? Math.clamp(age / PERIODS_SO_FAR, LEAST_PERIOD_NANOS, MOST_PERIOD_NANOS)
                        : Math.clamp(age, LEAST_PERIOD_NANOS, MOST_PAUSE_NANOS));
        return false;
    }

    private void open() {
        opened = true;
        descriptor = PidDescriptor.ofThread(threadId);
        endIsNoEvent = descriptor == null || ThreadStatus.isMain(threadId);
    }

    private boolean isWithoutTheMutex() {
        return isWithoutWhileAsleep() || (!settled && isWithoutWhileRunning());
    }

    private boolean isWithoutWhileAsleep() {
        long switches = ThreadStatus.switchesWhileAsleep(threadId);
        for (int look = 0; look < LOOKS_ASLEEP; look++) {
            if (switches < 0
                    || look() != RobustListLook.Verdict.ABSENT
                    || !isInWord()
                    || switches != ThreadStatus.switchesWhileAsleep(threadId)) {
                return false;
            }
        }
        return true;
    }

    private boolean isWithoutWhileRunning() {
        int absences = 0;
        for (int look = 0; absences < LOOKS && look < MOST_LOOKS && !settled; look++) {
            absences += look() == RobustListLook.Verdict.ABSENT ? 1 : 0;
            if (!isInWord()) {
                return false;
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LEAST_DISTANCE_NANOS, MOST_DISTANCE_NANOS));
            if (!isInWord()) {
                return false;
            }
        }
        return absences == LOOKS;
    }

    /** One that holds the mutex, or of which nobody can say, is settled; one that moves is looked at again, ever more seldom. */
    private RobustListLook.Verdict look() {
        RobustListLook.Verdict verdict = RobustListLook.at(threadId, mutex);
        settled = verdict == RobustListLook.Verdict.HOLDS || verdict == RobustListLook.Verdict.UNKNOWN;
        return verdict;
    }

    /** Reads through the kernel: the waiter may have left, and the page be gone. */
    private boolean isInWord() {
        try (OtherMemory own = new OtherMemory(KernelThread.id())) {
            OptionalLong word = own.readLong(mutex + GlibcMutexLayout.LOCK);
            return word.isPresent() && ((int) word.getAsLong() & GlibcMutexLayout.TID_MASK) == threadId;
        }
    }

    /** Gives the descriptor back. */
    void close() {
        if (descriptor != null) {
            descriptor.close();
            descriptor = null;
        }
    }
}
