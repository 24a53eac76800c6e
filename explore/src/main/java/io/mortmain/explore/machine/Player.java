package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import java.util.Arrays;
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

    /** Answers to {@link Kind#AWAIT}. */
    static final int NOT_AS_EXPECTED = 0;

    static final int WOKEN = 1;
    static final int TIMED_OUT = 2;
    static final int INTERRUPTED = 3;

    private final int thread;
    private final Actor actor;
    private final MemoryMap map;
    private long[] answers = new long[64];
    private int count;
    private int used;
    private @Nullable Access asked;
    private long clock;
    private long lastLandmark;

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
            return asked == null ? new Access(Kind.FAIL, 0, Failures.number(failed), 0) : asked;
        } finally {
            Thread.interrupted();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
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
            return answers[used++];
        }
        asked = new Access(kind, address, first, second);
        throw new Suspended();
    }

    /** Sleeps; what it is told is in the thread's clock and interrupt status afterwards, as for real code. */
    void await(long address, int expected, long nanos) {
        long answer = ask(Kind.AWAIT, address, expected, nanos);
        if (answer == TIMED_OUT) {
            clock += nanos;
        } else if (answer == INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread has the mutex: a landmark too. */
    public void enter(long mutex, boolean told, int landmark) {
        ask(Kind.ENTER, mutex, told ? 1 : 0, landmark);
        lastLandmark = landmark;
        clock = 0;
    }

    /**
     * The thread is at a place that is known by its number alone: whatever way it came there, its code and what it remembers are the same, so
     * that states which differ in that way only are one. Whoever calls this must be sure of it.
     */
    public void landmark(int number) {
        ask(Kind.LANDMARK, 0, 0, number);
        lastLandmark = number;
        clock = 0;
    }

    /**
     * Where the code sleeps, beside what it sleeps on, for how long: since which landmark, and what its clock says. A waiter of the library
     * remembers no more than that: who held the word when it went to sleep, which is in the word, and how long it may wait yet. That it
     * has slept before changes nothing after the first time, and the first sleep is shorter.
     */
    long sleepLandmark() {
        return lastLandmark << 40 | clock;
    }

    /** The thread is about to release it. */
    public void leave(long mutex) {
        ask(Kind.LEAVE, mutex, 0, 0);
    }

    /** The thread did not get it. */
    public void refused(long mutex, Refusal why) {
        ask(Kind.REFUSED, mutex, why.number(), 0);
    }
}
