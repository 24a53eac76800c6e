package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A JVM of {@code RepairTest}: file cut is truncated while a mutex is being repaired, by which a thread holds another. It says what the
 * operations brought, and what the next acquirer of the sound mutex is told.
 */
final class TruncatingRepair {
    static final List<String> CASES = List.of("own file", "other file", "declared");

    private static final long DATA_BYTES = 1 << 16;

    private final TestRegion cutName;
    private final Region cutRegion;
    private final RobustMutex cut;
    private final RobustMutex sound;

    private TruncatingRepair(TestRegion cutName, TestRegion soundName) {
        this.cutName = cutName;
        this.cutRegion = Region.create(cutName.name(), DATA_BYTES);
        this.cut = cutRegion.mutex("cut");
        this.sound = Region.create(soundName.name(), 0).mutex("sound");
    }

    public static void main(String[] arguments) throws Exception {
        for (String name : CASES) {
            TestRegion cutName = new TestRegion();
            try (TestRegion soundName = new TestRegion()) {
                System.out.println("case " + name);
                TruncatingRepair truncating = new TruncatingRepair(cutName, soundName);
                onThread(() -> truncating.run(name));
                RobustList.awaitMark(truncating.sound.pthreadMutex().address());
                onThread(() -> {
                    try (Hold hold = truncating.sound.lock()) {
                        System.out.println("next of sound: died " + hold.predecessorDied());
                    }
                });
            } finally {
                System.out.println("removed " + new java.io.File(cutName.path()).delete());
            }
        }
        System.exit(0);
    }

    private void run(String name) {
        MemorySegment data = cutRegion.memory("data", DATA_BYTES);
        Repair truncating = _ -> {
            truncate();
            data.get(ValueLayout.JAVA_BYTE, DATA_BYTES - 1);
        };
        switch (name) {
            case "own file" -> {
                diesHolding(cut);
                sound.lock();
                say("lock", cutRegion.mutex("cut", truncating)::lock);
                say("again", cut::lock);
            }
            case "other file" -> {
                diesHolding(sound);
                cut.lock();
                say("lock", sound.asLock(truncating)::lock);
            }
            default -> {
                diesHolding(cut);
                sound.lock();
                Hold told = cut.lock();
                truncate();
                say("consistent", told::markConsistent);
                say("close", told::close);
            }
        }
    }

    private static void diesHolding(RobustMutex mutex) {
        onThread(mutex::lock);
        RobustList.awaitMark(mutex.pthreadMutex().address());
    }

    private static void onThread(Runnable action) {
        Thread thread = new Thread(action);
        thread.setUncaughtExceptionHandler((_, thrown) -> System.out.println("uncaught: " + thrown));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    private void truncate() {
        try (RandomAccessFile file = new RandomAccessFile(cutName.path(), "rw")) {
            file.setLength(0);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void say(String what, Runnable action) {
        try {
            action.run();
            System.out.println(what + ": nothing thrown");
        } catch (LockException refused) {
            System.out.println(what + ": LockException " + refused.reason());
        } catch (Throwable thrown) {
            System.out.println(what + ": " + thrown.getClass().getSimpleName());
        }
    }
}
