package io.mortmain.internal.lock;

import io.mortmain.errors.LockException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.OwnerNumberLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.owner.OwnerRecords;
import io.mortmain.internal.owner.RecordTakeover;
import io.mortmain.internal.owner.RecordWitness;
import io.mortmain.internal.owner.Sweep;
import io.mortmain.internal.owner.Takeover;
import io.mortmain.internal.owner.ThreadNumbers;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The threads of this process in one region for several PID namespaces, where the kernel's numbers mean nothing: by numbers of the owner
 * record that this process has there. The kernel knows nothing of what they hold. The end of the process is seen by whoever waits, see
 * {@link RecordWitness}; the end of a thread whose process lives, by this: a virtual thread waits for each, and then marks what it
 * had on its list.
 *
 * <p>Invariants:
 * <ol>
 *   <li>The region is mapped until {@link #close}; nothing touches its words on behalf of this object afterwards.
 *   <li>A thread's number is nobody else's until what it held was marked after its end.
 *   <li>Virtual threads have none: their deputies have.
 * </ol>
 */
public final class RecordLockers extends Lockers {
    private static final long PAUSE_MILLIS = 10;

    private final OwnerRecords records;
    private final ThreadNumbers numbers;
    private final Takeover takeover;
    private final RecordWitness witness;
    private final Kernel kernel;
    private final SlowPaths slowPaths;
    /** By the JVM's number of the thread, which is never given anew: a subclass of Thread may have an equality of its own. */
    private final Map<Long, Locker> threads = new ConcurrentHashMap<>();

    private boolean isClosed;

    /** A thread with its number, and who waits for its end. */
    private record Locker(LockThread lockThread, Thread mourner) {}

    private RecordLockers(OwnerRecords records) {
        this.records = records;
        numbers = new ThreadNumbers(records);
        takeover = new RecordTakeover(MappedWords.INSTANCE, LinuxKernel.INSTANCE, records, numbers);
        witness = new RecordWitness(records, numbers, takeover);
        kernel = LinuxKernel.withNumbers(number -> !witness.isGone(number));
        slowPaths = new SlowPaths(new Seam(MappedWords.INSTANCE, kernel, witness, takeover), this::byDeputy);
    }

    /**
     * Claims a record of the region for this process.
     *
     * @param region its file
     * @param area where the records stand in it
     * @param words its mutexes
     */
    public static RecordLockers attach(OpenFile region, long area, Sweep words) {
        OwnerRecords records = OwnerRecords.claim(region, area, words);
        boolean isReady = false;
        try {
            RecordLockers made = new RecordLockers(records);
            made.rehearse();
            isReady = true;
            return made;
        } finally {
            if (!isReady) {
                records.close();
            }
        }
    }

    /**
     * What a waiter does about a holder, once, before any has to: what is linked then cannot fail near the end of a stack. A failure there
     * would be for ever.
     */
    private void rehearse() {
        long free = ThreadSlots.take(); // a word that is nobody's
        try {
            MappedWords.INSTANCE.putIntRelease(free, 0);
            int another = OwnerNumberLayout.of((records.own() + 1) % RegionGeometry.OWNER_RECORDS, 0, 1);
            boolean isAnyMarked =
                    takeover.mark(free, records.numberOf(1), () -> true) || takeover.mark(free, another, () -> true);
            boolean unusedAnswer = kernel.threadExists(another); // whatever it is
            witness.close(); // nobody listens
            assert !isAnyMarked : "a word that is nobody's was marked";
        } finally {
            ThreadSlots.giveBack(free);
        }
    }

    @Override
    public LockThread current() {
        Thread thread = Thread.currentThread();
        return thread.isVirtual() ? LockThread.current() : of(thread);
    }

    @Override
    public SlowPaths slowPaths() {
        return slowPaths;
    }

    /** Runs the step on the calling thread, a deputy, as what it locks as here. */
    private Outcome byDeputy(LockThread deputy, Function<LockThread, Outcome> step) {
        LockThread he = of(Thread.currentThread());
        int before = he.depth();
        he.actFor(deputy.actsFor());
        try {
            return step.apply(he);
        } finally {
            deputy.heldElsewhere += he.depth() - before;
            if (he.depth() == 0) {
                he.actFor(null);
            }
        }
    }

    private LockThread of(Thread thread) {
        Locker known = threads.get(thread.threadId());
        return known == null ? register(thread) : known.lockThread();
    }

    /** The calling thread. */
    private synchronized LockThread register(Thread thread) {
        LockThread.requireNotForked();
        if (isClosed) {
            return LockThread.withNumber(thread, records.numberOf(1)); // for the gate to refuse
        }
        int number = numbers.take(thread);
        if (number == 0) {
            throw new LockException(
                    LockException.Reason.UNSUPPORTED_THREAD,
                    "thread \"" + thread.getName() + "\" cannot take a mutex of a region for several PID namespaces: "
                            + OwnerNumberLayout.MOST_THREADS
                            + " threads of this process that still live did; lock from fewer threads");
        }
        boolean isComplete = false;
        try {
            LockThread made = LockThread.withNumber(thread, number);
            Thread mourner = Thread.ofVirtual()
                    .name("mortmain-mourner")
                    .inheritInheritableThreadLocals(false)
                    .unstarted(() -> mourn(made));
            threads.put(thread.threadId(), new Locker(made, mourner));
            mourner.start();
            isComplete = true;
            return made;
        } finally {
            if (!isComplete) {
                threads.remove(thread.threadId());
                numbers.giveBack(number);
            }
        }
    }

    /** Waits for the thread's end, which makes visible what it left; interrupted when the region is closed. */
    private void mourn(LockThread mourned) {
        try {
            mourned.thread().join();
            while (!isSettled(mourned)) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException closed) {
            return;
        }
    }

    /** Marks what the thread left held. True when there is nothing left to be done. */
    private synchronized boolean isSettled(LockThread ended) {
        if (isClosed) {
            return true;
        }
        try {
            for (int i = ended.depth; i > 0; i--) {
                markLeft(ended, ended.nodes[i]);
            }
            markLeft(ended, MappedWords.INSTANCE.getLongPlain(ended.head + RobustListLayout.PENDING));
        } catch (OutOfMemoryError later) {
            return false;
        } catch (InternalError truncated) {
            return true; // the number stays his; who waits in this process sees that he is gone
        }
        threads.remove(ended.thread().threadId());
        numbers.giveBack(ended.cachedThreadId);
        return true;
    }

    /** @param node of a mutex that the thread may hold, or 0 */
    private void markLeft(LockThread ended, long node) {
        long mutex = node - GlibcMutexLayout.NODE;
        if (node != 0 && kernel.tryReadLong(mutex + GlibcMutexLayout.LOCK, ended.slot)) {
            boolean unusedAnswer = takeover.markProven(mutex, ended.cachedThreadId);
        }
    }

    private @Nullable LockThread withNumber(int number) {
        for (Locker locker : threads.values()) {
            if (locker.lockThread().threadId() == number
                    && locker.lockThread().thread().isAlive()) {
                return locker.lockThread();
            }
        }
        return null;
    }

    @Override
    public String nameOf(int number) {
        LockThread found = withNumber(number);
        return found == null
                ? ""
                : found.name() + " (record " + OwnerNumberLayout.record(number) + ", thread "
                        + OwnerNumberLayout.thread(number) + ")";
    }

    @Override
    public @Nullable LockThread inside(Gate gate) {
        for (Locker locker : threads.values()) {
            if (locker.lockThread().mutexInside(gate) != 0) {
                return locker.lockThread();
            }
        }
        return null;
    }

    @Override
    public boolean isTaking(int number, long mutex) {
        LockThread found = withNumber(number);
        return found != null && LockThreads.isTaking(found, mutex);
    }

    @Override
    public OptionalInt threadIdOf(int number) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt processIdOf(int number) {
        return records.processOf(number);
    }

    /** Those that ended before they were mourned are among them, and those that were mourned have ended. */
    @Override
    public Latecomers latecomers() {
        List<Thread> all = new ArrayList<>();
        threads.values().forEach(locker -> all.add(locker.lockThread().thread()));
        return new Latecomers(all);
    }

    @Override
    public MemorySegment forC(long mutex, String name) {
        throw new UnsupportedOperationException(
                name + " is of a region for several PID namespaces, where C code would lock by a thread number"
                        + " that means something else there; use a region for one PID namespace");
    }

    /**
     * Gives the record back. Where the words cannot be marked they need not: those of a record that nobody has are dead to whoever waits
     * and to whoever claims it.
     */
    @Override
    public void close(Sweep pages) {
        synchronized (this) {
            isClosed = true;
            threads.values().forEach(locker -> locker.mourner().interrupt());
            threads.clear();
        }
        try {
            pages.mark(number -> OwnerNumberLayout.isOfRecord(number, records.own()));
        } catch (RuntimeException | VirtualMachineError unmarked) {
            return;
        } finally {
            witness.close();
            records.close();
        }
    }
}
