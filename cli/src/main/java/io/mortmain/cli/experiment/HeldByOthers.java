package io.mortmain.cli.experiment;

import static io.mortmain.cli.experiment.MortmainMain.say;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Mutexes of every kind, each held by a thread of its own while another thread starts programs. */
final class HeldByOthers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How many programs are started. */
    static final int PROGRAMS = 20;

    /** How the programs end that are started. */
    static final int ANSWER = 7;

    private final List<RobustMutex> mutexes;

    HeldByOthers(Region region) {
        mutexes = Stream.of(MutexKind.values())
                .map(kind -> region.mutex(kind.name(), kind, null))
                .toList();
    }

    /** Starts a program, and returns how it ended. */
    interface Start {
        int start() throws Throwable;
    }

    List<RobustMutex> mutexes() {
        return mutexes;
    }

    /** Starts a number of programs while each mutex is held, and looks at the mutexes then. */
    void startPrograms(String way, String observation, Start start) throws Throwable {
        CountDownLatch held = new CountDownLatch(mutexes.size());
        CountDownLatch mayRelease = new CountDownLatch(1);
        List<Thread> holders = new ArrayList<>();
        for (RobustMutex mutex : mutexes) {
            holders.add(Thread.ofPlatform().start(() -> holdUntil(mutex, held, mayRelease)));
        }
        held.await();
        int ran = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            ran += start.start() == ANSWER ? 1 : 0;
        }
        say(observation, ran + " of " + PROGRAMS);
        boolean unharmed = mutexes.stream().allMatch(HeldByOthers::isHeld);
        mayRelease.countDown();
        for (Thread holder : holders) {
            holder.join();
        }
        for (RobustMutex mutex : mutexes) {
            unharmed &= isFree(mutex);
        }
        say("the locks after " + way, unharmed ? "unharmed" : "harmed");
    }

    private static boolean isHeld(RobustMutex mutex) {
        try (Hold hold = mutex.tryLock()) {
            return hold == null;
        }
    }

    /** Sooner or later: a hook that waited for it has it for a moment. */
    private static boolean isFree(RobustMutex mutex) throws InterruptedException {
        try (Hold hold = mutex.tryLock(PATIENCE)) {
            return hold != null && !hold.predecessorDied();
        }
    }

    private static void holdUntil(RobustMutex mutex, CountDownLatch held, CountDownLatch mayRelease) {
        try (Hold hold = mutex.lock()) {
            held.countDown();
            mayRelease.await();
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }
}
