package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * A JVM of {@code DamagedFileTest}: a file is truncated under a mutex that the thread holds between two of another region, or that is
 * free. It says what the next operations brought, and whether the death of the thread is told for the two.
 */
final class TruncatedVictim {
    private static final int WARM_UP = 20_000;

    private final RobustMutex older;
    private final RobustMutex newer;
    private final RobustMutex cut;
    private final String path;

    private TruncatedVictim(Region safe, Region region, String path) {
        this.older = safe.mutex("older");
        this.newer = safe.mutex("newer");
        this.cut = region.mutex("cut");
        this.path = path;
    }

    public static void main(String[] arguments) throws InterruptedException {
        TestRegion safeName = new TestRegion();
        TestRegion name = new TestRegion();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            safeName.close();
            new java.io.File(name.path()).delete();
        }));
        Region safe = Region.create(safeName.name(), 0);
        Region region = Region.create(name.name(), 0);
        System.out.println("files " + safeName.path() + " " + name.path());
        TruncatedVictim victim = new TruncatedVictim(safe, region, name.path());
        Thread thread = new Thread(() -> victim.run(arguments[0]), "victim");
        thread.start();
        thread.join();
        RobustList.awaitMark(victim.older.pthreadMutex().address());
        RobustList.awaitMark(victim.newer.pthreadMutex().address());
        System.out.println("told of both others");
        System.exit(0);
    }

    private void run(String what) {
        for (int i = 0; i < WARM_UP; i++) {
            lockAndUnlock();
        }
        Hold below = older.lock();
        Hold held = what.equals("free") ? null : cut.lock();
        Hold above = what.equals("top") ? null : newer.lock();
        try (RandomAccessFile file = new RandomAccessFile(path, "rw")) {
            file.setLength(0);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        System.out.println("truncated " + what);
        say("close", () -> {
            if (held != null) {
                held.close();
            }
        });
        say("trylock", () -> {
            if (cut.tryLock() != null) {
                throw new AssertionError("a lock in a file that has no bytes");
            }
        });
        say("again", this::lockAndUnlock);
        if (above == null) {
            above = newer.lock();
        }
        System.out.println("holds " + below.mutex() + " and " + above.mutex());
    }

    private void lockAndUnlock() {
        try (Hold hold = cut.lock()) {
            hold.predecessorDied();
        }
    }

    private static void say(String what, Runnable action) {
        String outcome;
        try {
            action.run();
            outcome = "nothing thrown";
        } catch (LockException refused) {
            outcome = refused.reason().name();
        } catch (Throwable other) {
            outcome = other.toString();
        }
        System.out.println(what + ": " + outcome);
    }
}
