package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.internal.layout.GlibcMutexLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a thread's code with the answers that it got so far, and finds out what it asks next. This is what makes a thread a value: the
 * code is deterministic, so where it stands follows from the answers, and two runs with the same answers stand at the same place. No
 * host thread is ever suspended; code that asks what has no answer yet is left by an error that it cannot know.
 */
public final class Player {
    /** What the code under test ends with at the first question without an answer. */
    static final class Suspended extends Error {
        private static final long serialVersionUID = 1L;

        Suspended() {
            super("suspended", null, false, false);
        }
    }

    /**
     * All that a waiter remembers at the head of its loop, apart from what it waits for: {@code Waiting}'s fields, and the local variables of
     * the loop.
     *
     * @param landmark the last before
     * @param slept whether it has; then it assumes other waiters
     * @param tried whether it wanted to sleep; then it counts as contended
     * @param holder before whom it slept last
     * @param watched whom it has had watched last
     * @param clock how long it has waited
     * @param interrupted its interrupt status
     */
    record Memory(
            long landmark, boolean slept, boolean tried, int holder, long watched, long clock, boolean interrupted) {}

    /** Collects it. */
    private static final class Wait {
        private boolean slept;
        private boolean tried;
        private int holder;
        private long watched;

        void begin() {
            slept = false;
            tried = false;
            holder = 0;
            watched = 0;
        }

        void note(Kind kind, long address, long first, long second) {
            if (isSleep(kind)) {
                slept = true;
                tried = true;
                holder = (int) first & GlibcMutexLayout.TID_MASK;
            } else if (kind == Kind.COMPARE_AND_SET && second == (first | GlibcMutexLayout.WAITERS)) {
                tried = true;
            } else if (kind == Kind.STORE && MemoryMap.isOwnWord(address)) {
                watched = first;
            }
        }

        Memory memory(long landmark, long clock, boolean interrupted) {
            return new Memory(landmark, slept, tried, holder, watched, clock, interrupted);
        }
    }

    /** Ways to {@link Kind#LEAVE}. */
    static final int LEAVES = 0;

    static final int LEAVES_FOR_EVER = 1;
    static final int LEAVES_FOR_EVER_WAKING_ONE = 2;

    /** Answers to {@link Kind#AWAIT}. */
    static final int NOT_AS_EXPECTED = 0;

    static final int WOKEN = 1;
    static final int TIMED_OUT = 2;
    static final int INTERRUPTED = 3;
    /** Woken, but it runs again only when any time that it had is over. */
    static final int WOKEN_LATE = 4;
    /** Woken, and interrupted before it runs again. */
    static final int WOKEN_INTERRUPTED = 5;

    /** Longer than any timed operation of a program. */
    private static final long LATE_NANOS = 1_000_000_000;

    private static final String MACHINE = Player.class.getPackageName();
    /** The one of the library, and that of {@code LibcThread}. */
    private static final Set<String> LOOPS =
            Set.of("io.mortmain.internal.lock.SlowAcquisition.take", "io.mortmain.explore.program.LibcThread$Run.take");

    private final int thread;
    private final Actor actor;
    private final MemoryMap map;
    private long[] answers = new long[64];
    private int count;
    private int used;
    private @Nullable Access asked;
    private final Wait wait = new Wait();
    private long clock;
    private long lastLandmark;
    private boolean atLoopHead;
    private boolean isInterrupted;
    private boolean resets;
    private @Nullable Foresight foresight;

    Player(int thread, Actor actor, MemoryMap map) {
        this.thread = thread;
        this.actor = actor;
        this.map = map;
    }

    /** The thread that plays: its place among the actors. */
    public int thread() {
        return thread;
    }

    public int threadId() {
        return actor.threadId();
    }

    public int process() {
        return actor.process();
    }

    /** Nanoseconds that the thread has slept through. */
    long clock() {
        return clock;
    }

    boolean isMapped(long address, int bytes) {
        return map.isMapped(address, bytes);
    }

    /** What the code asks after these answers; {@link Kind#END} when it is through. */
    Access next(Script script, History history) {
        answersOf(history);
        used = 0;
        clock = 0;
        lastLandmark = 0;
        atLoopHead = false;
        wait.begin();
        resets = false;
        asked = null;
        boolean wasInterrupted = Thread.interrupted();
        try {
            script.run(this);
            return asked == null ? Access.of(Kind.END) : asked;
        } catch (Suspended expected) {
            if (asked == null) {
                throw new AssertionError("suspended without a question", expected);
            }
            return asked;
        } catch (RuntimeException | AssertionError failed) {
            if (foresight != null) {
                foresight.ends(failed.toString());
                return Access.of(Kind.END);
            }
            return asked == null ? new Access(Kind.FAIL, 0, Failures.number(failed), 0) : asked;
        } finally {
            Thread.interrupted();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Goes on after these answers by those of the foresight, which notes the questions, until it has enough or the code ends. */
    void foresee(Script script, History history, Foresight by) {
        foresight = by;
        try {
            if (next(script, history).kind() == Kind.END) {
                by.ends("end");
            }
        } finally {
            foresight = null;
        }
    }

    private void answersOf(History history) {
        count = history.length();
        if (count > answers.length) {
            answers = Arrays.copyOf(answers, count * 2);
        }
        History at = history;
        for (int i = count - 1; i >= 0; i--) {
            answers[i] = at.answer();
            at = at.before();
        }
    }

    /** The answer; does not return when there is none yet. While an abandoned run unwinds, 0, and nothing comes of it. */
    public long ask(Kind kind, long address, long first, long second) {
        if (asked != null) {
            return 0;
        }
        if (used < count) {
            wait.note(kind, address, first, second);
            return answers[used++];
        }
        if (foresight != null && !foresight.isOver()) {
            return foresight.answer(kind, address, first, second);
        }
        asked = new Access(kind, address, first, second);
        isInterrupted = Thread.currentThread().isInterrupted(); // cleared when the run is left
        atLoopHead = isSleep(kind) || (kind == Kind.LOAD && MemoryMap.isLock(address) && isInTake());
        throw new Suspended();
    }

    private static boolean isSleep(Kind kind) {
        return kind == Kind.AWAIT || kind == Kind.AWAIT_FOR_RESET;
    }

    /** Whether the code is at the one place where it looks at a word again and again, rather than at another look at it. */
    private static boolean isInTake() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(MACHINE))
                        .findFirst()
                        .map(frame -> LOOPS.contains(frame.getClassName() + "." + frame.getMethodName()))
                        .orElse(false));
    }

    /** From here on, the thread wants a mutex that is not recoverable, or does no longer: what it sleeps for. */
    public void resets(boolean wantsNotRecoverable) {
        resets = wantsNotRecoverable;
    }

    /** Sleeps; what it is told is in the thread's clock and interrupt status afterwards, as for real code. */
    void await(long address, int expected, long nanos) {
        long answer = ask(resets ? Kind.AWAIT_FOR_RESET : Kind.AWAIT, address, expected, nanos);
        if (answer == TIMED_OUT) {
            clock += nanos;
        } else if (answer == WOKEN_LATE) {
            clock += LATE_NANOS;
        } else if (answer == INTERRUPTED || answer == WOKEN_INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread has the mutex: a landmark too. */
    public void enter(long mutex, boolean told, int landmark) {
        ask(Kind.ENTER, mutex, told ? 1 : 0, landmark);
        lastLandmark = ((long) landmark << 1) | (told ? 1 : 0);
        clock = 0;
        wait.begin();
    }

    /**
     * The thread is at a place that is known by its number alone: whatever way it came there, its code and what it remembers are the same, so
     * that states which differ in that way only are one. Whoever calls this must be sure of it.
     */
    public void landmark(int number) {
        ask(Kind.LANDMARK, 0, 0, number);
        lastLandmark = (long) number << 1;
        clock = 0;
        wait.begin();
    }

    /**
     * In which of {@code ways} ways the thread goes on, as the adversary decides; the question is a number for
     * {@link Script#nameOf}. Landmarks that follow must differ with the answer, as far as what follows them does.
     */
    public int choose(int question, int ways) {
        int chosen = (int) ask(Kind.CHOOSE, 0, question, ways);
        lastLandmark = -1 - (lastLandmark << Byte.SIZE | chosen); // below 0, and so of no landmark
        return chosen;
    }

    /**
     * Where the code is about to sleep, or to look at the word again: what it remembers there, beside the question itself; empty
     * elsewhere.
     */
    Optional<Memory> atLoopHead() {
        return atLoopHead ? Optional.of(wait.memory(lastLandmark, clock, isInterrupted)) : Optional.empty();
    }

    /** The thread is about to release it. */
    public void leave(long mutex) {
        ask(Kind.LEAVE, mutex, LEAVES, 0);
    }

    /**
     * The thread is about to release it, and to make it not recoverable by that.
     *
     * @param wakesOne whether it wakes one of those who wait, as glibc does, and not all
     */
    public void leaveForEver(long mutex, boolean wakesOne) {
        ask(Kind.LEAVE, mutex, wakesOne ? LEAVES_FOR_EVER_WAKING_ONE : LEAVES_FOR_EVER, 0);
    }

    /** Maps the file, so that it is there though it be closed and lose its name. */
    public void map(int file) {
        ask(Kind.MAP, file, 0, 0);
    }

    public void unmap(int file) {
        ask(Kind.UNMAP, file, 0, 0);
    }

    /** The thread has created or opened the region that is in the file. */
    public void hasRegion(int file) {
        ask(Kind.HAS_REGION, file, 0, 0);
    }

    /** The thread is about to remove the region, whichever has the name. */
    public void removes() {
        ask(Kind.REMOVES, 0, 0, 0);
    }

    /** The thread did not get it. */
    public void refused(long mutex, Refusal why) {
        ask(Kind.REFUSED, mutex, why.number(), 0);
    }
}
