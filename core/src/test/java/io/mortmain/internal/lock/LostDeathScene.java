package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;

import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Takeover;
import io.mortmain.internal.owner.Witness;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A mutex whose holder died without a word of the kernel, and those who come to it: two processes with Mortmain, each a locking thread and
 * the thread that watches for it; a C program that waits as glibc does, without limit; and a thread that has the dead holder's number.
 *
 * <p>What must be true: never two inside at once; a death is told to who comes next, once, and to nobody else; who sleeps while the word is
 * free or dead was woken, or, after a kill, is woken by whoever comes next.
 */
final class LostDeathScene implements Stage.Events {
    static final int LOCKER = 0;
    static final int WATCHER = 1;
    static final int OTHER_LOCKER = 2;
    static final int OTHER_WATCHER = 3;
    /** The C program, or the thread with the dead holder's number. */
    static final int GUEST = 4;

    static final int DEAD = SimulatedWorld.THIRDS;
    private static final int C_THREAD = 1004;
    private static final int PROCESSES = 2;
    /** When everybody else has gone, unless a meeting calls it before. */
    private static final long LATE_NANOS = 5 * Waiting.SLICE_NANOS;

    /** Who comes beside the two processes. */
    enum Guest {
        C_PROGRAM,
        /** Has the number, and sleeps on something else. */
        NAMESAKE_ELSEWHERE,
        /** Has the number, and locks the mutex, too. */
        NAMESAKE_LOCKS
    }

    /** What a careless change could bring in. */
    enum Defect {
        NONE(true),
        MARK_OUT_OF_TURN(false),
        /** Two that the turn hides: a mark is right in itself, too. */
        MARK_WITHOUT_COMPARING(false),
        MARK_BY_PLAIN_STORE(false),
        NO_WAKE_AFTER_MARK(true),
        WAKE_BEFORE_MARK(true),
        CONDEMNED_BY_NUMBER(true),
        OWN_NUMBER_BELIEVED(true),
        MARKED_CLEAN(true);

        final boolean takesTurns;

        Defect(boolean takesTurns) {
            this.takesTurns = takesTurns;
        }
    }

    private final Defect defect;
    private final Stage stage;
    private final SimulatedWorld world;
    private final Takeover takeover;
    private final long mutex;
    private final List<List<Watching>> watches = List.of(new ArrayList<>(), new ArrayList<>());
    private final Set<Integer> alive = new TreeSet<>(Set.of(SimulatedWorld.MINE, SimulatedWorld.OTHERS, C_THREAD));
    private final Set<Integer> inside = new TreeSet<>();
    private final StagedKernel kernel;
    private final StagedTurn turn = new StagedTurn();
    private boolean owed = true;
    private int tellings;

    LostDeathScene(Guest guest, boolean late, Defect defect, Stage.Meeting plan, int victim, int killAt) {
        this.defect = defect;
        this.stage = new Stage(plan, victim, killAt, this);
        StagedWords words = new StagedWords();
        this.kernel = new StagedKernel(words);
        this.world = new SimulatedWorld(words, kernel, new StagedWitness(), turn);
        this.takeover = new Takeover(words, kernel, turn);
        this.mutex = world.mutex(0);
        world.words.poke(mutex + LOCK, DEAD);
        world.words.poke(mutex + OWNER, DEAD);
        stage.add(new Stage.Actor("locker", 0, () -> lock(world.me, SimulatedWorld.MINE)));
        stage.add(new Stage.Actor("watcher", 0, () -> watch(0)));
        stage.add(new Stage.Actor("other locker", 1, () -> lock(world.other, SimulatedWorld.OTHERS)));
        stage.add(new Stage.Actor("other watcher", 1, () -> watch(1)));
        stage.add(new Stage.Actor("guest", 2, () -> visit(guest, late)));
        if (guest != Guest.C_PROGRAM) {
            alive.add(DEAD);
        }
    }

    /** Plays it; throws where a promise is broken. */
    void play() {
        stage.play();
        int word = world.words.load(mutex + LOCK);
        for (int i : new int[] {LOCKER, OTHER_LOCKER, GUEST}) {
            Stage.Actor actor = stage.actor(i);
            boolean forgotten = actor.isAsleepOn(mutex + LOCK) && (word & TID_MASK) == 0;
            boolean nextWakesHim = stage.wasKilled() && (word & WAITERS) != 0; // the kill took the wake-up along
            SimulatedWorld.require(
                    !forgotten || nextWakesHim, actor.name + " sleeps on a word that is free or dead: " + word);
            SimulatedWorld.require(
                    stage.wasKilled() || actor.isEnded(), actor.name + " never gets the mutex, word " + word);
        }
        SimulatedWorld.require(stage.wasKilled() || tellings == 1, "one is told, not " + tellings);
        SimulatedWorld.require(owed == ((word & OWNER_DIED) != 0 || (word & TID_MASK) != 0), "word " + word);
    }

    boolean wasKilled() {
        return stage.wasKilled();
    }

    int steps(int actor) {
        return stage.steps(actor);
    }

    private void lock(LockThread thread, int number) {
        Outcome outcome = world.lock(thread, mutex, SlowPaths.FOREVER);
        boolean told = outcome == Outcome.ACQUIRED_AFTER_DEATH;
        SimulatedWorld.require(told || outcome == Outcome.ACQUIRED, number + " acquires, but " + outcome);
        enter(number, told);
        if (told) {
            Outcome done = world.slowPaths.markConsistent(thread, mutex);
            SimulatedWorld.require(done == Outcome.ACQUIRED, number + " may declare it consistent, but " + done);
            owed = false;
        }
        inside.remove(number);
        Outcome done = world.unlock(thread, mutex);
        SimulatedWorld.require(done == Outcome.RELEASED, number + " releases, but " + done);
        world.listed(thread);
    }

    private void enter(int number, boolean told) {
        SimulatedWorld.require(inside.isEmpty(), number + " is alone inside, but not beside " + inside);
        SimulatedWorld.require(told == owed, number + " is told: " + told);
        tellings += told ? 1 : 0;
        inside.add(number);
        stage.step();
    }

    /** What {@code OwnerWatch} does, with a proof that is certain. */
    private void watch(int process) {
        List<Watching> mine = watches.get(process);
        for (; ; ) {
            for (Watching entry : List.copyOf(mine)) {
                if (!entry.ended && isProven(entry.threadId)) {
                    boolean unusedAnswer = takeover.mark(mutex, entry.threadId, () -> isProven(entry.threadId));
                    entry.ended = !takeover.isHolder(mutex, entry.threadId);
                }
                if (entry.ended) {
                    mine.remove(entry);
                }
            }
            if (mine.isEmpty() && stage.actor(process * PROCESSES).isEnded()) {
                return;
            }
            stage.sleep(watchesOf(process), mine.isEmpty() ? Stage.FOREVER : stage.clock() + Waiting.SLICE_NANOS);
        }
    }

    private static long watchesOf(int process) {
        return -1 - process;
    }

    private boolean isProven(int threadId) {
        stage.step();
        return threadId == DEAD
                && (!alive.contains(DEAD) || !isListed(world.third) || defect == Defect.CONDEMNED_BY_NUMBER);
    }

    private boolean isListed(LockThread thread) {
        return world.words.loadLong(thread.head + PENDING) == mutex + NODE || isOnList(thread);
    }

    private boolean isOnList(LockThread thread) {
        for (long node = world.words.loadLong(thread.head + FIRST);
                node != thread.head;
                node = world.words.loadLong(node)) {
            if (node == mutex + NODE) {
                return true;
            }
        }
        return false;
    }

    private void visit(Guest guest, boolean late) {
        if (late) {
            stage.sleep(Stage.NOWHERE, LATE_NANOS);
        }
        switch (guest) {
            case C_PROGRAM -> waitInC();
            case NAMESAKE_ELSEWHERE -> stage.step();
            case NAMESAKE_LOCKS -> lock(world.third, DEAD);
        }
    }

    /** glibc's nptl/pthread_mutex_lock.c for a robust mutex, as far as the word goes; it lives on whatever happens. */
    private void waitInC() {
        int assumed = 0;
        for (; ; ) {
            int word = world.words.load(mutex + LOCK);
            if ((word & OWNER_DIED) != 0 || word == 0) {
                if (world.words.compareAndSetInt(mutex + LOCK, word, C_THREAD | (word & WAITERS) | assumed)) {
                    leaveInC((word & OWNER_DIED) != 0);
                    return;
                }
            } else if ((word & WAITERS) != 0 || world.words.compareAndSetInt(mutex + LOCK, word, word | WAITERS)) {
                kernel.await(mutex + LOCK, word | WAITERS, Stage.FOREVER, 0);
                assumed = WAITERS;
            }
        }
    }

    private void leaveInC(boolean told) {
        enter(C_THREAD, told);
        owed = false;
        world.words.putIntRelease(mutex + OWNER, 0);
        inside.remove(C_THREAD);
        if ((world.words.getAndSetInt(mutex + LOCK, 0) & WAITERS) != 0) {
            kernel.wake(mutex + LOCK, 1);
        }
    }

    /** The process's locking thread ends, and the kernel walks its list. */
    @Override
    public void killed(int process) {
        LockThread thread = process == 0 ? world.me : world.other;
        int number = process == 0 ? SimulatedWorld.MINE : SimulatedWorld.OTHERS;
        owed |= (world.words.load(mutex + LOCK) & TID_MASK) == number;
        inside.remove(number);
        alive.remove(number);
        turn.died(process);
        kernel.exit(thread.head, number);
    }

    /** C's kernel has no slices: who must wait for the end of one, others would wait for ever. */
    @Override
    public void timedOut(Stage.Actor actor) {
        int word = world.words.load(mutex + LOCK);
        SimulatedWorld.require(
                stage.wasKilled() || !actor.isAsleepOn(mutex + LOCK) || (word & TID_MASK) != 0,
                actor.name + " is not woken, word " + word);
    }

    /** A holder that the witness watches. */
    private final class Watching extends Witness.Watch {
        private final int threadId;
        private boolean ended;

        Watching(int threadId) {
            this.threadId = threadId;
        }

        @Override
        public void end() {
            ended = true;
            stage.wake(watchesOf(0), 1);
            stage.wake(watchesOf(1), 1);
        }
    }

    private final class StagedWitness extends Witness {
        @Override
        public @Nullable Watch watch(long watched, int threadId) {
            stage.step();
            if (stage.isRunning(GUEST)) {
                return null;
            }
            int process = stage.isRunning(LOCKER) ? 0 : 1;
            Watching entry = new Watching(threadId);
            watches.get(process).add(entry);
            stage.wake(watchesOf(process), 1);
            return entry;
        }

        @Override
        public boolean isGone(int threadId) {
            stage.step();
            return !alive.contains(threadId) || (defect == Defect.CONDEMNED_BY_NUMBER && threadId == DEAD);
        }

        @Override
        public boolean holds(long asked) {
            stage.step();
            return defect == Defect.OWN_NUMBER_BELIEVED || isOnList(world.third);
        }
    }

    /** One at a time, until he is through or his process is dead. */
    private final class StagedTurn extends MarkerTurn {
        private static final int NOBODY = -1;
        private int process = NOBODY;

        @Override
        public boolean take(long marked, BooleanSupplier step) {
            if (!defect.takesTurns) {
                return step.getAsBoolean();
            }
            if (!stage.step() || process != NOBODY) {
                return false;
            }
            process = stage.runningProcess();
            try {
                return step.getAsBoolean();
            } finally {
                if (stage.step()) {
                    process = NOBODY;
                }
            }
        }

        void died(int dead) {
            process = process == dead ? NOBODY : process;
        }
    }

    private final class StagedKernel extends SimulatedKernel {
        private StagedKernel(HeapWords words) {
            super(words);
        }

        @Override
        public void await(long address, int expected, long nanos, long scratch) {
            if (stage.step() && world.words.load(address) == expected) {
                stage.sleep(address, nanos == Stage.FOREVER ? nanos : stage.clock() + nanos);
            }
        }

        @Override
        public void wake(long address, int count) {
            boolean afterMark = world.words.load(address) != 0 && (world.words.load(address) & TID_MASK) == 0;
            boolean forgotten = afterMark && (defect == Defect.NO_WAKE_AFTER_MARK || defect == Defect.WAKE_BEFORE_MARK);
            if (!forgotten) {
                super.wake(address, count);
            }
        }

        @Override
        void wakeUp(long word, int count) {
            super.wakeUp(word, count);
            stage.wake(word, count);
        }

        @Override
        public boolean threadExists(int threadId) {
            stage.step();
            return alive.contains(threadId);
        }

        @Override
        public long nanoTime() {
            return stage.clock();
        }
    }

    private final class StagedWords extends HeapWords {
        @Override
        boolean step(long address) {
            return stage.step();
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            boolean isMark = (value & OWNER_DIED) != 0;
            if (isMark && defect == Defect.WAKE_BEFORE_MARK) {
                kernel.wakeUp(address, 1);
            }
            boolean before = isMark && defect == Defect.MARK_BY_PLAIN_STORE;
            if (!isMark || before || !step(address)) {
                return before ? overwrite(address, value) : super.compareAndSetInt(address, expected, value);
            }
            int word = load(address);
            return switch (defect) {
                case MARK_WITHOUT_COMPARING -> write(address, word & WAITERS | OWNER_DIED);
                case MARKED_CLEAN -> word == expected && write(address, value & WAITERS);
                default -> word == expected && write(address, value);
            };
        }

        private boolean overwrite(long address, int value) {
            return step(address) && write(address, value);
        }

        private boolean write(long address, int value) {
            poke(address, value);
            return true;
        }
    }
}
