package io.mortmain;

import io.mortmain.errors.GiveUpException;
import io.mortmain.errors.MortmainException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.testing.RobustList;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What one thread after another does in a {@code FuzzVictim}: uses a region that a hostile process writes to, which may be refused by a
 * typed exception at any point, and one that nobody else writes to, which must stay exact.
 */
final class FuzzWorker {
    /** How a worker uses mutexes. */
    enum Role {
        PLATFORM,
        VIRTUAL,
        HAND_OVER,
        /** Opens, closes, inspects, looks objects up and adds some; locks little. */
        VISITOR,
        /** Uses the objects with data, without a time limit where there is none: what is forged is put back sometime. */
        DATA
    }

    private static final int ROUNDS_OF_A_THREAD = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SEGMENT = 256;

    private final Role role;
    private final String hostileName;
    private final RobustMutex[] sound;
    private final MemorySegment counters;
    private final Random random;
    private final Deque<Region> unclosed = new ArrayDeque<>();
    private final long[] increments;
    private @Nullable Region hostile;
    private boolean usedRecursive;
    /** Whether two hostile mutexes were held at once in this round: then their links can agree on anything, and the list is not exact. */
    private boolean heldSeveralHostile;

    private boolean tainted;
    private volatile long since = System.nanoTime();
    private volatile int rounds;
    private volatile int acquired;
    private volatile int refused;

    FuzzWorker(Role role, String hostileName, RobustMutex[] sound, MemorySegment counters, long seed) {
        this.role = role;
        this.hostileName = hostileName;
        this.sound = sound;
        this.counters = counters;
        this.random = new Random(seed);
        this.increments = new long[sound.length];
    }

    /** Nanoseconds that the present round has lasted. */
    long age() {
        return System.nanoTime() - since;
    }

    int rounds() {
        return rounds;
    }

    int acquired() {
        return acquired;
    }

    int refused() {
        return refused;
    }

    /** How often it has incremented the counter under the sound mutex. */
    long increments(int mutex) {
        return increments[mutex];
    }

    @Override
    public String toString() {
        return role + " with " + rounds + " rounds";
    }

    /**
     * Some rounds. A thread that may still have a recursive mutex ends, since how often it was entered is what others wrote; and so does one
     * whose list may not be exact any more.
     */
    void run() {
        tainted = false;
        for (int round = 0; round < ROUNDS_OF_A_THREAD && !tainted && !FuzzVictim.isOver(); round++) {
            since = System.nanoTime();
            round();
            rounds++;
        }
        close();
        since = System.nanoTime();
    }

    private void round() {
        switch (role) {
            case PLATFORM, VIRTUAL -> nest();
            case HAND_OVER -> handOver();
            case VISITOR -> visit();
            case DATA ->
                attempt(() -> {
                    new FuzzData(region(), random).use();
                    acquired++;
                });
        }
        if (random.nextInt(16) == 0) {
            close();
        }
    }

    private void nest() {
        List<RobustMutex> mutexes = new ArrayList<>();
        int several = random.nextInt(4) == 0 ? 3 : 1;
        for (int i = 0; i < several; i++) {
            RobustMutex mutex = anyHostile();
            if (mutex != null) {
                mutexes.add(mutex);
            }
        }
        List<Hold> holds = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < sound.length; i++) {
            while (next < mutexes.size() && random.nextBoolean()) {
                tryHostile(mutexes.get(next++), holds);
            }
            if (random.nextInt(4) > 0) {
                holds.add(lockSound(i));
            }
        }
        while (next < mutexes.size()) {
            tryHostile(mutexes.get(next++), holds);
        }
        if (random.nextInt(8) == 0) {
            sleepMillis(3); // so long that others begin to doubt whether the holder lives
        }
        Collections.shuffle(holds, random);
        while (!holds.isEmpty()) {
            release(holds.removeLast());
            checkSoundOnesListed(holds);
        }
        checkNothingHeld();
    }

    private Hold lockSound(int index) {
        try {
            Hold hold =
                    role == Role.HAND_OVER ? sound[index].tryLockForHandOver(PATIENCE) : sound[index].tryLock(PATIENCE);
            FuzzVictim.require(hold != null, () -> "the sound mutex is free sometime");
            FuzzVictim.require(
                    !hold.predecessorDied(),
                    () -> "nobody dies holding the sound mutex, but " + hold.death() + " is told of" + nameOf(hold));
            long count = counters.getAtIndex(ValueLayout.JAVA_LONG, index);
            Thread.onSpinWait();
            counters.setAtIndex(ValueLayout.JAVA_LONG, index, count + 1);
            increments[index]++;
            return hold;
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    /** What the thread is called that is said to be dead, in whatever process; nothing when it is gone. */
    private static String nameOf(Hold hold) {
        int threadId = hold.death().orElseThrow().threadId().orElse(0);
        try {
            return ", which is " + Files.readString(Path.of("/proc", Integer.toString(threadId), "comm"));
        } catch (IOException gone) {
            return ", and it is gone";
        }
    }

    private void tryHostile(RobustMutex mutex, List<Hold> holds) {
        attempt(() -> {
            Hold hold = random.nextInt(3) == 0 ? mutex.tryLock() : mutex.tryLock(patience());
            if (hold != null) {
                holds.add(hold);
                acquired++;
                heldSeveralHostile |=
                        holds.stream().filter(held -> !isSound(held)).count() > 1;
                if (hold.predecessorDied() || random.nextInt(8) == 0) {
                    hold.markConsistent();
                }
            }
        });
    }

    private void release(Hold hold) {
        if (isSound(hold)) {
            hold.close();
        } else {
            attempt(hold::close);
        }
    }

    /** Only when no hostile mutex is on the list: its link is whatever others write. */
    private void checkSoundOnesListed(List<Hold> holds) {
        if (role == Role.PLATFORM
                && !usedRecursive
                && !heldSeveralHostile
                && holds.stream().allMatch(this::isSound)) {
            List<Long> held = holds.stream()
                    .map(hold -> hold.mutex().pthreadMutex().address())
                    .sorted()
                    .toList();
            List<Long> listed = RobustList.listed().stream().sorted().toList();
            FuzzVictim.require(
                    listed.equals(held), () -> "the robust list has what is held, " + held + ", but it has " + listed);
        }
    }

    private boolean isSound(Hold hold) {
        return List.of(sound).contains(hold.mutex());
    }

    private void checkNothingHeld() {
        if (role != Role.PLATFORM) {
            return;
        }
        int depth = LockThread.current().depth();
        tainted = depth > 0 || heldSeveralHostile;
        FuzzVictim.require(
                depth == 0 || usedRecursive, () -> "no mutex is held after its release, but " + depth + " are");
        FuzzVictim.require(
                tainted || RobustList.isEmpty(KernelThread.robustListHead()),
                () -> "the robust list of the thread is empty, but " + RobustList.describe());
        usedRecursive = false;
        heldSeveralHostile = false;
    }

    private void handOver() {
        RobustMutex mutex = anyHostile();
        List<Hold> holds = new ArrayList<>();
        if (random.nextBoolean()) {
            holds.add(lockSound(0));
        }
        if (mutex != null) {
            attempt(() -> {
                Hold hold = mutex.tryLockForHandOver(patience());
                if (hold != null) {
                    acquired++;
                    holds.add(hold);
                }
            });
        }
        Throwable[] failure = new Throwable[1];
        Thread other = Thread.ofPlatform()
                .uncaughtExceptionHandler((_, thrown) -> failure[0] = thrown)
                .start(() -> holds.forEach(this::release));
        try {
            other.join();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
    }

    private void visit() {
        attempt(() -> Region.inspect(hostileName));
        if (random.nextInt(8) == 0) {
            attempt(Region::list);
        }
        attempt(() -> {
            MemorySegment bytes = region().memory("data", SEGMENT);
            bytes.set(ValueLayout.JAVA_BYTE, random.nextInt(SEGMENT), (byte) random.nextInt());
        });
        attempt(() -> region().memory("more-" + random.nextInt(100), 64).fill((byte) 1));
        attempt(() -> region().mutex("more-mutexes-" + random.nextInt(100)));
        if (random.nextInt(4) == 0) {
            nest();
        }
        if (random.nextInt(4) == 0) {
            close();
        }
    }

    private @Nullable RobustMutex anyHostile() {
        RobustMutex[] found = new RobustMutex[1];
        attempt(() -> found[0] = switch (random.nextInt(role == Role.PLATFORM ? 4 : 3)) {
            case 0 -> region().mutex("checking");
            case 1 -> region().mutex("normal", MutexKind.NORMAL, null);
            case 2 -> region().mutex("repaired", MutexKind.ERROR_CHECKING, _ -> repair());
            default -> {
                usedRecursive = true;
                yield region().mutex("recursive", MutexKind.RECURSIVE, null);
            }
        });
        return found[0];
    }

    private void repair() throws GiveUpException {
        switch (random.nextInt(8)) {
            case 0 -> throw new GiveUpException("given up");
            case 1 -> throw new IllegalStateException("this repair fails");
            default -> Thread.onSpinWait();
        }
    }

    private Region region() {
        Region open = hostile;
        if (open == null) {
            open = Region.open(hostileName);
            hostile = open;
        }
        return open;
    }

    /** What is refused, as a forged word names a thread of this process, is tried again later. */
    private void close() {
        if (hostile != null) {
            unclosed.add(hostile);
            hostile = null;
        }
        for (int left = unclosed.size(); left > 0; left--) {
            Region region = unclosed.remove();
            try {
                region.close();
            } catch (RegionException inUse) {
                refused++;
                FuzzVictim.require(inUse.reason() == RegionException.Reason.IN_USE, inUse::toString);
                unclosed.add(region);
            }
        }
    }

    private Duration patience() {
        return Duration.ofNanos(random.nextInt(4_000_000));
    }

    private static void sleepMillis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    /** Whatever is thrown but a typed refusal ends the run. */
    private void attempt(Step step) {
        try {
            step.run();
        } catch (MortmainException refusal) {
            refused++;
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
