package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeedSite.mutex;
import static io.mortmain.cli.torture.DeedSite.onThread;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.cli.torture.Deeds.Deed;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** D11: interrupts and time-outs. Everything is done to a lock of the JDK too, in turn: it shows what is right, and how late this machine is. */
final class LockDeeds {
    private static final int ROUNDS = 9;
    private static final int ATTEMPTS = 3;
    private static final String LATE = "too late";
    private static final long TIMEOUT_MILLIS = 30;
    private static final long SLEEPS_MILLIS = 10;
    /** Interrupts come so much later from round to round: who waits in slices is hit at another place of them. */
    private static final long STEP_MILLIS = 6;

    private static final double PROMISED_MILLIS = 50;

    private LockDeeds() {}

    static void addTo(Map<String, Deed> all) {
        all.put("times-out", site -> compare(site, LockDeeds::lateness));
        all.put("interrupted", site -> compare(site, LockDeeds::reaction));
        all.put("flags", LockDeeds::flags);
    }

    private interface Measurement {
        /** Milliseconds. */
        double of(Lock held, int round) throws Exception;
    }

    /** Measured again where it was late: a busy machine may be the reason. */
    private static String compare(DeedSite site, Measurement measurement) throws Exception {
        try (Region region = site.region()) {
            Lock ours = mutex(region, MutexKind.ERROR_CHECKING).asLock();
            String seen = measured(ours, measurement);
            for (int i = 1; i < ATTEMPTS && seen.startsWith(LATE); i++) {
                seen = measured(ours, measurement);
            }
            return seen;
        }
    }

    /** The third quartiles count, for the same reason. */
    private static String measured(Lock ours, Measurement measurement) throws Exception {
        Lock theirs = new ReentrantLock();
        double[] late = new double[ROUNDS];
        double[] machine = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            late[i] = whileHeld(ours, measurement, i);
            machine[i] = whileHeld(theirs, measurement, i);
        }
        Arrays.sort(late);
        Arrays.sort(machine);
        double most = late[ROUNDS * 3 / 4];
        double beside = machine[ROUNDS * 3 / 4];
        boolean inTime = most <= PROMISED_MILLIS + beside;
        return (late[0] < 0 ? "too early" : inTime ? "within 50 ms" : LATE)
                + String.format(
                        Locale.ROOT,
                        " | three of four in %.1f ms, with a lock of the JDK in %.1f ms, of %d",
                        most,
                        beside,
                        ROUNDS);
    }

    private static double whileHeld(Lock lock, Measurement measurement, int round) throws Exception {
        lock.lock();
        try {
            return measurement.of(lock, round);
        } finally {
            lock.unlock();
        }
    }

    /** How long after its time a wait ends; negative if before. */
    private static double lateness(Lock held, int round) throws Exception {
        return onThread("times out", () -> {
            long start = System.nanoTime();
            if (held.tryLock(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("got what another holds");
            }
            return (System.nanoTime() - start) / 1e6 - TIMEOUT_MILLIS;
        });
    }

    /** How long after an interrupt a wait ends. */
    private static double reaction(Lock held, int round) throws Exception {
        long[] times = new long[2];
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                held.lockInterruptibly();
            } catch (InterruptedException expected) {
                times[1] = System.nanoTime();
            }
        });
        Thread.sleep(SLEEPS_MILLIS + round * STEP_MILLIS);
        times[0] = System.nanoTime();
        waiter.interrupt();
        waiter.join(TimeUnit.SECONDS.toMillis(Hand.GUARD_SECONDS));
        if (times[1] == 0) {
            throw new IllegalStateException("the interrupt had no effect");
        }
        return (times[1] - times[0]) / 1e6;
    }

    private static String flags(DeedSite site) throws Exception {
        try (Region region = site.region()) {
            String ours = flags(mutex(region, MutexKind.ERROR_CHECKING).asLock());
            String theirs = flags(new ReentrantLock());
            return ours.equals(theirs) ? "as a lock of the JDK | " + ours : ours + ", and a lock of the JDK: " + theirs;
        }
    }

    private interface Way {
        boolean take(Lock lock) throws InterruptedException;
    }

    private static final Way LOCK = lock -> {
        lock.lock();
        return true;
    };
    private static final Way INTERRUPTIBLY = lock -> {
        lock.lockInterruptibly();
        return true;
    };
    private static final Way TIMED = lock -> lock.tryLock(1, TimeUnit.SECONDS);
    private static final Way TRIED = Lock::tryLock;

    /** For each way to lock by an interrupted thread: whether it got the lock, and what became of the flag. */
    private static String flags(Lock lock) throws Exception {
        return "lock " + interruptedBefore(lock, LOCK) + ", interruptibly " + interruptedBefore(lock, INTERRUPTIBLY)
                + ", timed " + interruptedBefore(lock, TIMED) + ", tried " + interruptedBefore(lock, TRIED)
                + ", lock while it waits " + interruptedWhileWaiting(lock);
    }

    private static String interruptedBefore(Lock lock, Way way) throws Exception {
        return onThread("interrupted", () -> {
            Thread.currentThread().interrupt();
            return taken(lock, way);
        });
    }

    private static String taken(Lock lock, Way way) {
        String result;
        try {
            result = way.take(lock) ? "got" : "not got";
        } catch (InterruptedException refused) {
            result = "refused";
        }
        boolean flag = Thread.interrupted();
        if (result.equals("got")) {
            lock.unlock();
        }
        return result + (flag ? " flag kept" : " flag cleared");
    }

    private static String interruptedWhileWaiting(Lock lock) throws Exception {
        String[] result = {""};
        Thread waiter = Thread.ofPlatform().unstarted(() -> result[0] = taken(lock, LOCK));
        lock.lock();
        try {
            waiter.start();
            Thread.sleep(SLEEPS_MILLIS);
            waiter.interrupt();
            Thread.sleep(SLEEPS_MILLIS);
            if (!waiter.isAlive()) {
                return "ended by an interrupt: " + result[0];
            }
        } finally {
            lock.unlock();
        }
        waiter.join(TimeUnit.SECONDS.toMillis(Hand.GUARD_SECONDS));
        return result[0];
    }
}
