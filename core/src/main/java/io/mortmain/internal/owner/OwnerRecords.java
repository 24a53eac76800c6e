package io.mortmain.internal.owner;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.fork.LifeLine;
import io.mortmain.internal.layout.OwnerNumberLayout;
import io.mortmain.internal.layout.OwnerRecordLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.RangeLock;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The owner records of a region for several PID namespaces, and the one that this process has claimed: an exclusive lock on its first
 * byte, which the kernel gives back when the process ends. What stands in a record proves nothing.
 *
 * <p>Rules:
 * <ol>
 *   <li>A process uses numbers of a record only while it has the exclusive lock.
 *   <li>Whoever gets the lock first declares every word dead that has a number of the record, and only then uses it.
 *   <li>Whoever else declares such a word dead holds the shared lock while he looks and while he marks: nobody can claim the record in
 *       between, and take the same mutex by the same number.
 * </ol>
 */
public final class OwnerRecords implements AutoCloseable {
    private static final long BYTE = 1;

    private final OpenFile file;
    private final OpenFile.Status status;
    private final LifeLine lifeLine;
    /** Guarded by this object's monitor. */
    private final RangeLock lock;

    private final long area;
    private final int own;
    private int generation;
    private boolean isClosed;

    private OwnerRecords(OpenFile file, long area, int own) {
        this.file = file;
        this.status = file.status();
        this.lock = new RangeLock(file);
        this.area = area;
        this.own = own;
        this.lifeLine = LifeLine.of(file.descriptor());
    }

    /**
     * Claims the first record that is free, for as long as the returned object is open.
     *
     * @param region its file; the lock is taken through another descriptor
     * @param area where in the file the records stand
     * @param words declared dead where they have a number of the record: its last process is gone
     */
    public static OwnerRecords claim(OpenFile region, long area, Sweep words) {
        OpenFile file = region.again();
        @Nullable OwnerRecords records = null;
        boolean claimed = false;
        try {
            records = new OwnerRecords(file, area, firstFree(file, area));
            int own = records.own;
            words.mark(number -> OwnerNumberLayout.isOfRecord(number, own));
            records.sign();
            claimed = true;
            return records;
        } finally {
            if (!claimed) {
                if (records != null) {
                    records.lifeLine.close();
                }
                file.close();
            }
        }
    }

    private static int firstFree(OpenFile file, long area) {
        RangeLock lock = new RangeLock(file);
        for (int record = 0; record < RegionGeometry.OWNER_RECORDS; record++) {
            if (lock.tryExclusively(place(area, record), BYTE)) {
                return record;
            }
        }
        throw new RegionException(
                Reason.LIMIT_REACHED,
                "region " + file.path() + " is open in " + RegionGeometry.OWNER_RECORDS
                        + " processes, and one for several PID namespaces cannot be in more; close it in one");
    }

    private void sign() {
        generation = OwnerRecord.read(file, place(own))
                .map(last -> last.generation() + 1)
                .orElse(0);
        file.write(place(own), OwnerRecord.ofThisProcess(generation).encode());
    }

    /**
     * Runs the action, unless somebody on this machine has the region open, and keeps everybody from opening it meanwhile: an exclusive
     * lock on all records does both.
     *
     * @param file to lock through; given back before the return
     * @return whether it ran
     */
    public static boolean whileAllFree(OpenFile file, RegionGeometry geometry, Runnable action) {
        RangeLock all = new RangeLock(file);
        if (!all.tryExclusively(geometry.ownerArea(), geometry.ownerAreaSize())) {
            return false;
        }
        try {
            action.run();
            return true;
        } finally {
            all.release(geometry.ownerArea(), geometry.ownerAreaSize());
        }
    }

    /** The records that living processes have claimed, of any region; takes none. */
    public static BitSet claimed(OpenFile file, RegionGeometry geometry) {
        RangeLock lock = new RangeLock(file);
        BitSet claimed = new BitSet();
        for (int record = 0; record < RegionGeometry.OWNER_RECORDS; record++) {
            claimed.set(record, lock.isTakenExclusively(place(geometry.ownerArea(), record), BYTE));
        }
        return claimed;
    }

    private static long place(long area, int record) {
        return area + (long) record * OwnerRecordLayout.SIZE;
    }

    /** Where in the file the record stands, and its lock. */
    long place(int record) {
        return place(area, record);
    }

    /** The record of this process. */
    public int own() {
        return own;
    }

    /** The number of a thread of this process. */
    public int numberOf(int thread) {
        return OwnerNumberLayout.of(own, generation, thread);
    }

    /** A description of its own, to sleep with. */
    OpenFile another() {
        return file.again();
    }

    OpenFile.Status status() {
        return status;
    }

    /**
     * Runs the action, unless a living process has the record, and keeps everybody from claiming it meanwhile.
     *
     * @param record another than this process's own
     * @return what the action returned; false where it did not run, also because the kernel would not say
     */
    synchronized boolean whileFree(int record, BooleanSupplier action) {
        assert record != own : "its lock is this description's own";
        try {
            if (isClosed || !lock.tryShared(place(record), BYTE)) {
                return false;
            }
            try {
                return action.getAsBoolean();
            } finally {
                lock.release(place(record), BYTE);
            }
        } catch (LinuxException unknown) {
            return false;
        }
    }

    /** Sleeps until no living process has the record, runs the action, and keeps everybody from claiming it meanwhile. */
    static void awaitFree(OpenFile file, long place, Runnable action) {
        RangeLock lock = new RangeLock(file);
        lock.awaitShared(place, BYTE);
        try {
            action.run();
        } finally {
            lock.release(place, BYTE);
        }
    }

    /** The process that had the number, as it wrote itself, in its own PID namespace; empty where its record has been claimed anew. */
    public synchronized OptionalInt processOf(int number) {
        try {
            if (isClosed || !OwnerNumberLayout.isOne(number)) {
                return OptionalInt.empty();
            }
            return OwnerRecord.read(file, place(OwnerNumberLayout.record(number)))
                    .filter(record ->
                            OwnerNumberLayout.isOfGeneration(number, record.generation()) && record.process() > 0)
                    .map(record -> OptionalInt.of(record.process()))
                    .orElse(OptionalInt.empty());
        } catch (LinuxException unknown) {
            return OptionalInt.empty();
        }
    }

    /** Gives the record back; nothing is left in the region that has a number of it. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            lifeLine.close();
            file.close();
            isClosed = true; // afterwards: what ran out of memory is called again
        }
    }
}
