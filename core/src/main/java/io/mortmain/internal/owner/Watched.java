package io.mortmain.internal.owner;

import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.ThreadStatus;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The holder of one mutex under watch: what proves that it does not hold it any more. Used by the watching thread only, but for
 * the two fields that say so.
 *
 * <p>Proofs:
 * <ol>
 *   <li>The thread is gone ({@link ThreadStatus#isGone}). The kernel walks the robust list before that, so what it has not marked by then
 *       it will never mark.
 *   <li>A thread of this number lives and does not hold the mutex ({@link AbsenceProof}).
 * </ol>
 * Everything else is no proof: stopped, traced, frozen, dumping core, a list that cannot be read.
 */
final class Watched extends Witness.Watch {
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
    private final AbsenceProof absence;
    /** How many threads of this process wait; guarded by the {@link OwnerWatch}. */
    int waiters;
    /** Whether the word was marked, or found to need it no more; guarded too. */
    boolean isMarked;

    private @Nullable PidDescriptor descriptor;
    private boolean opened;
    private boolean endIsNoEvent;
    private long due = since;

    Watched(OwnerWatch owner, long mutex, int threadId, HolderView view) {
        this.owner = owner;
        this.mutex = mutex;
        this.threadId = threadId;
        this.absence = new AbsenceProof(view);
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
        return opened && absence.isSettled() && !endIsNoEvent ? Long.MAX_VALUE : Math.max(0, due - now);
    }

    /** Looks. True when it is proven that the thread does not hold the mutex. */
    boolean isProven(boolean ended) {
        if (ThreadStatus.isGone(threadId)) {
            return true;
        }
        if (ended) { // and another has the number already; or it is a zombie, and /proc hides it
            close();
            endIsNoEvent = true;
            absence.beginAnew();
        } else if (!opened) {
            open(); // before the looks: should this one end and another follow, that is an event
        }
        if (!absence.isSettled() && absence.isGiven()) {
            return true;
        }
        long now = System.nanoTime();
        long age = now - since;
        due = now
                + (absence.isSettled()
                        ? Math.clamp(age / PERIODS_SO_FAR, LEAST_PERIOD_NANOS, MOST_PERIOD_NANOS)
                        : Math.clamp(age, LEAST_PERIOD_NANOS, MOST_PAUSE_NANOS));
        return false;
    }

    /** The proof once more, in the turn to mark. */
    boolean isProvenAnew() {
        if (ThreadStatus.isGone(threadId)) {
            return true;
        }
        absence.beginAnew();
        return absence.isGiven();
    }

    private void open() {
        opened = true;
        descriptor = PidDescriptor.ofThread(threadId);
        endIsNoEvent = descriptor == null || ThreadStatus.isMain(threadId);
    }

    /** Gives the descriptor back. */
    void close() {
        if (descriptor != null) {
            descriptor.close();
            descriptor = null;
        }
    }
}
