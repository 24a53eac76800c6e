package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeedSite.mutex;
import static io.mortmain.cli.torture.DeedSite.onThread;
import static io.mortmain.cli.torture.DeedSite.refusal;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.cli.experiment.ForkLibrary;
import io.mortmain.cli.torture.Deeds.Deed;
import io.mortmain.internal.owner.OwnerWatch;
import io.mortmain.internal.owner.Witness;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A23, C4, D8 and D16: what hostile processes write, and what C code in the same process does. */
final class ForeignDeeds {
    private static final int PREVIOUS = 24;
    private static final int NEXT = 32;
    private static final long CANARY = 0x5ca1ab1e5ca1ab1eL;
    private static final int OWNER_DIED = 0x40000000;
    private static final long WATCHED_MILLIS = 3_000;

    private ForeignDeeds() {}

    static void addTo(Map<String, Deed> all) {
        all.put("outlive", ForeignDeeds::outlive);
        all.put("take-over", ForeignDeeds::takeOver);
        all.put("hostile-links", ForeignDeeds::hostileLinks);
        all.put("c-between", ForeignDeeds::cBetween);
        all.put("c-unmapped", ForeignDeeds::cUnmapped);
    }

    /** A child of this JVM lives on when it has died. The arguments: the library that forks, the file that keeps the child alive. */
    private static String outlive(DeedSite site) throws Throwable {
        return Integer.toString(new ForkLibrary(site.words().get(2)).forkThatOutlives(site.path()));
    }

    /** A mutex of C programs alone is watched as if somebody waited for it here. The argument: the holder's number. */
    private static String takeOver(DeedSite site) throws Exception {
        try (Region region = Region.open(site.path())) {
            MemorySegment mutex = region.memory("m", Libc.MUTEX_SIZE);
            Witness.Watch watch = OwnerWatch.INSTANCE.watch(mutex.address(), site.number());
            if (watch == null) {
                return "nobody watches";
            }
            try {
                return isMarkedWithin(WATCHED_MILLIS, mutex) ? "marked" : "not marked";
            } finally {
                watch.end();
            }
        }
    }

    private static boolean isMarkedWithin(long millis, MemorySegment mutex) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean marked = false;
        while (!marked && System.nanoTime() - until < 0) {
            Thread.sleep(1);
            marked = (mutex.get(JAVA_INT, 0) & OWNER_DIED) != 0;
        }
        return marked;
    }

    private static String hostileLinks(DeedSite site) throws Exception {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            MemorySegment canary = Arena.global().allocate(64, 8);
            canary.fill((byte) 0);
            for (int i = 0; i < 8; i++) {
                canary.setAtIndex(JAVA_LONG, i, CANARY);
            }
            Hold hold = mutex.lock();
            scribble(site, canary.address() + 32);
            String released = refusal(hold::close);
            for (int i = 0; i < 8; i++) {
                if (canary.getAtIndex(JAVA_LONG, i) != CANARY) {
                    return "followed";
                }
            }
            return "not followed | " + (released.equals("not refused") ? "released" : released);
        }
    }

    private static void scribble(DeedSite site, long pointer) throws Exception {
        long offset = Region.inspect(site.path()).objects().getFirst().offset();
        try (RandomAccessFile file = new RandomAccessFile(site.path(), "rw")) {
            for (int field : new int[] {PREVIOUS, NEXT}) {
                file.seek(offset + field);
                file.writeLong(Long.reverseBytes(pointer));
            }
        }
    }

    /** C takes two, Java one, C gives back the one in the middle, Java its own; the thread ends with the oldest. */
    private static String cBetween(DeedSite site) throws Exception {
        long older = Libc.newMutex();
        long middle = Libc.newMutex();
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            onThread("C and Java", () -> {
                Libc.lock(older);
                Libc.lock(middle);
                Hold hold = mutex.lock();
                Libc.unlock(middle);
                hold.close();
                return "";
            });
            for (int i = 0; i < 1000 && (Libc.word(older) & OWNER_DIED) == 0; i++) {
                Thread.sleep(1); // join returns before the kernel has marked it
            }
            boolean told = (Libc.word(older) & OWNER_DIED) != 0;
            return (told ? "C's lock is told" : "C's lock is lost")
                    + (site.word() == 0 ? ", ours is free" : ", ours is held");
        }
    }

    private static String cUnmapped(DeedSite site) throws Exception {
        try (Region region = site.region()) {
            RobustMutex mutex = mutex(region, MutexKind.ERROR_CHECKING);
            String seen = onThread("C unmaps", () -> {
                long page = Libc.newPage();
                Libc.initialise(page);
                Libc.lock(page);
                Libc.spoil(page, "unmap");
                return refusal(() -> mutex.lock().close());
            });
            return (seen.equals("not refused") ? "works" : seen)
                    + (site.word() == 0 ? ", ours is free" : ", ours is held");
        }
    }
}
