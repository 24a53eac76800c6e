package io.mortmain.internal.owner;

import io.mortmain.internal.layout.OwnerNumberLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The second witness in a region for several PID namespaces, where it is the only one: whether a process lives says the lock on its owner
 * record, and of the threads of this process the JVM knows.
 *
 * <p>Invariant: a mutex is marked only under this object's monitor and while somebody waits for it; afterwards its address may be
 * another's.
 */
public final class RecordWitness extends Witness implements AutoCloseable {
    /** Before a holder of this process, or nobody: there is nothing to sleep on, and whoever waits looks by himself. */
    private static final Watch NOTHING = new Watch() {
        @Override
        public void end() {}
    };

    private final OwnerRecords records;
    private final ThreadNumbers numbers;
    private final Takeover takeover;
    private final List<Entry> watched = new ArrayList<>();

    public RecordWitness(OwnerRecords records, ThreadNumbers numbers, Takeover takeover) {
        this.records = records;
        this.numbers = numbers;
        this.takeover = takeover;
    }

    /** One mutex with the number in its word, for all threads that wait. */
    private final class Entry extends Watch {
        private final long mutex;
        private final int number;
        private int waiters;

        Entry(long mutex, int number) {
            this.mutex = mutex;
            this.number = number;
        }

        @Override
        public void end() {
            synchronized (RecordWitness.this) {
                waiters--;
                if (waiters == 0) {
                    watched.remove(this);
                }
            }
        }
    }

    @Override
    public @Nullable Watch watch(long mutex, int number) {
        if (numbers.isOwn(number) || !OwnerNumberLayout.isOne(number)) {
            return NOTHING;
        }
        @Nullable Entry entry = null;
        try {
            entry = enter(mutex, number); // before the sleeper is asked for: it may be about to wake
            if (RecordSleepers.listen(records, OwnerNumberLayout.record(number), this)) {
                return entry;
            }
        } catch (Throwable noRoom) { // memory, threads, descriptors, or stack
            // as where there are too many sleepers
        }
        if (entry != null) {
            entry.end();
        }
        return null;
    }

    private synchronized Entry enter(long mutex, int number) {
        for (Entry entry : watched) {
            if (entry.mutex == mutex && entry.number == number) {
                entry.waiters++;
                return entry;
            }
        }
        Entry entry = new Entry(mutex, number);
        watched.add(entry);
        entry.waiters++;
        return entry;
    }

    /** The process of the record is gone, and nobody can claim the record before this returns. */
    synchronized void died(int record) {
        for (Entry entry : watched) {
            if (OwnerNumberLayout.isOfRecord(entry.number, record)) {
                takeover.markProven(entry.mutex, entry.number);
            }
        }
    }

    @Override
    public boolean isGone(int number) {
        try {
            return numbers.isOwn(number)
                    ? numbers.isGone(number)
                    : OwnerNumberLayout.isOne(number)
                            && records.whileFree(OwnerNumberLayout.record(number), () -> true);
        } catch (OutOfMemoryError unseen) {
            return false;
        }
    }

    /** What C code locks has another kind of number. */
    @Override
    public boolean holds(long mutex) {
        return false;
    }

    @Override
    public void close() {
        RecordSleepers.forget(this);
    }
}
