package io.mortmain;

import io.mortmain.errors.LockException;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;

/**
 * A JVM of {@code TruncatedNeighbourTest}: a thread holds mutex cut, another process truncates the file of it, and the thread acquires or
 * releases mutex sound of another file, its neighbour on the list. For each way it says what the sound mutex was at each step.
 */
final class NeighbourVictim {
    private static final List<String> WAYS = List.of("lock", "tryLock", "asLock", "unlockAbove", "unlockBelow");
    private static final int UNTIL_SECOND_COMPILER = 60_000;

    /** What is tried after that many calls. */
    static List<String> ways(int warmUp) {
        return WAYS.stream()
                .filter(way -> warmUp < UNTIL_SECOND_COMPILER || !way.startsWith("unlock"))
                .toList();
    }

    private final String way;
    private final String soundName;
    private final String cutPath;
    private final RobustMutex cut;
    private final RobustMutex sound;
    private final Lock soundAsLock;

    private NeighbourVictim(String way, TestRegion soundName, TestRegion cutName) {
        this.way = way;
        this.soundName = soundName.name();
        this.cutPath = cutName.path();
        this.cut = Region.create(cutName.name(), 0).mutex("cut");
        this.sound = Region.create(soundName.name(), 0).mutex("sound");
        this.soundAsLock = sound.asLock();
    }

    public static void main(String[] arguments) throws Exception {
        List<TestRegion> names = new ArrayList<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> names.forEach(NeighbourVictim::remove)));
        for (String way : ways(Integer.parseInt(arguments[0]))) {
            TestRegion soundName = new TestRegion();
            TestRegion cutName = new TestRegion();
            names.addAll(List.of(soundName, cutName));
            NeighbourVictim victim = new NeighbourVictim(way, soundName, cutName);
            System.out.println("way " + way);
            Thread thread = new Thread(() -> victim.run(Integer.parseInt(arguments[0])), "victim");
            thread.setUncaughtExceptionHandler((_, thrown) -> System.out.println(way + ": " + thrown));
            thread.start();
            thread.join();
            RobustList.awaitMark(victim.sound.pthreadMutex().address());
            System.out.println(onAnotherThread(victim.sound));
        }
        System.exit(0);
    }

    private static void remove(TestRegion name) {
        if (!new java.io.File(name.path()).delete()) {
            System.out.println("not removed: " + name.path());
        }
    }

    private void run(int warmUp) {
        for (int i = 0; i < warmUp; i++) {
            try (Hold hold = cut.lock()) {
                release(acquire());
                hold.predecessorDied();
            }
        }
        Hold below = way.equals("unlockBelow") ? acquire() : null;
        Hold cutHold = cut.lock();
        Hold held = way.equals("unlockAbove") ? acquire() : below;
        truncate();
        if (!way.startsWith("unlock")) {
            held = acquire();
            say("held");
        }
        release(held);
        say("released");
        try {
            cutHold.close();
        } catch (LockException refused) {
            System.out.println("cut: " + refused.reason());
        }
        Hold last = sound.lock();
        System.out.println("dies holding it " + !last.predecessorDied());
    }

    /** Null when it is held by way of the Lock. */
    private Hold acquire() {
        switch (way) {
            case "tryLock":
                return sound.tryLock();
            case "asLock":
                soundAsLock.lock();
                return null;
            default:
                return sound.lock();
        }
    }

    private void release(Hold hold) {
        if (way.equals("asLock")) {
            soundAsLock.unlock();
        } else {
            hold.close();
        }
    }

    /** What the sound mutex is, what this thread's list has of it, and what others get. */
    private void say(String when) {
        MutexSnapshot seen = Region.inspect(soundName).objects().get(0).mutex().orElseThrow();
        long listed = RobustList.listed().stream()
                .filter(mutex -> mutex == sound.pthreadMutex().address())
                .count();
        System.out.println(when + ": " + seen.state() + ", users " + seen.users() + ", listed " + listed + " of "
                + RobustList.listed().size() + ", to others " + onAnotherThread(sound));
    }

    private static String onAnotherThread(RobustMutex mutex) {
        String[] got = new String[1];
        Thread other = new Thread(() -> {
            try (Hold hold = mutex.tryLock()) {
                got[0] = hold == null ? "busy" : hold.predecessorDied() ? "died" : "clean";
            }
        });
        other.start();
        try {
            other.join();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
        return String.valueOf(got[0]);
    }

    private void truncate() {
        try {
            int exit = new ProcessBuilder("truncate", "-s", "0", cutPath)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("truncate ended with " + exit);
            }
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }
}
