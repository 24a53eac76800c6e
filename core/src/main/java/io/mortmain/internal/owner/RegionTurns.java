package io.mortmain.internal.owner;

import io.mortmain.internal.fork.LifeLine;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.RangeLock;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Turns for the mutexes of the regions that this process has open: among processes a lock on the first byte of the mutex in the region's
 * file, which the kernel gives back when the process dies; among threads of this process a lock of the region's.
 *
 * <p>Invariant: an area is here exactly while its pages are mapped at its address and its descriptor is open.
 */
public final class RegionTurns extends MarkerTurn {
    public static final RegionTurns INSTANCE = new RegionTurns();

    private static final long BYTE = 1;

    /** By the address. */
    private final ConcurrentSkipListMap<Long, Area> areas = new ConcurrentSkipListMap<>();

    private RegionTurns() {}

    /** A lock area of a region: {@code size} bytes at {@code address}, which stand in the file at {@code offset}. */
    private record Area(
            long address,
            long size,
            OpenFile file,
            LifeLine lifeLine,
            RangeLock lock,
            long offset,
            ReentrantLock threads) {
        boolean has(long mutex) {
            return mutex - address >= 0 && mutex - address < size;
        }

        boolean take(long mutex, BooleanSupplier step) {
            if (!threads.tryLock()) { // the kernel lets all threads of a description in
                return false;
            }
            try {
                return takeFromOthers(offset + mutex - address, step);
            } finally {
                threads.unlock();
            }
        }

        private boolean takeFromOthers(long place, BooleanSupplier step) {
            if (!lock.tryExclusively(place, BYTE)) {
                return false;
            }
            try {
                return step.getAsBoolean();
            } finally {
                lock.release(place, BYTE);
            }
        }
    }

    /** The area is mapped. Runs through a turn once, so that everything it needs is loaded and linked here, where that may fail. */
    public void add(long address, long size, OpenFile file, long offset) {
        OpenFile own = file.again();
        LifeLine lifeLine = LifeLine.ofNameless(own);
        boolean added = false;
        try {
            Area area = new Area(address, size, own, lifeLine, new RangeLock(own), offset, new ReentrantLock());
            areas.put(address, area);
            added = true;
            boolean unusedAnswer = take(address, () -> true);
        } finally {
            if (!added) {
                lifeLine.close();
                own.close();
            }
        }
    }

    /** The area is about to be unmapped, and nobody waits for a mutex of it any more. */
    public void remove(long address) {
        Area area = areas.remove(address);
        if (area != null) {
            area.lifeLine.close();
            area.file.close();
        }
    }

    @Override
    public boolean take(long mutex, BooleanSupplier step) {
        Map.Entry<Long, Area> below;
        try {
            below = areas.floorEntry(mutex);
        } catch (OutOfMemoryError full) { // the step has not begun, and nothing after this allocates
            return false;
        }
        if (below == null || !below.getValue().has(mutex)) {
            return step.getAsBoolean(); // in memory of this process alone
        }
        try {
            return below.getValue().take(mutex, step);
        } catch (LinuxException refused) {
            return false;
        }
    }
}
