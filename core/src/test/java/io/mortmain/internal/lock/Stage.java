package io.mortmain.internal.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Several threads over one simulated memory, of which one runs at a time: at each step of its own it may have to stand back for another,
 * as a plan says, or is killed. A thread that sleeps runs again when it is woken, or, when nobody else can run, when its time is over.
 */
final class Stage {
    static final long FOREVER = Long.MAX_VALUE;

    /** Nothing takes so long that ends at all. */
    private static final long LONG_NANOS = 20 * Waiting.SLICE_NANOS;

    /** To sleep on before the own time to come: a meeting is that, too. */
    static final long NOWHERE = 0;

    /** When one has made {@code here} steps, another makes at most {@code there}; then the one goes on. Else whoever runs runs on. */
    record Meeting(int one, int here, int other, int there) {}

    /** One thread; those of one process die together. */
    static final class Actor {
        final String name;
        final int process;
        private final Runnable script;
        private final Semaphore mayRun = new Semaphore(0);
        private int steps;
        private boolean ended;
        private boolean asleep;
        private long sleepsOn;
        private long until;

        Actor(String name, int process, Runnable script) {
            this.name = name;
            this.process = process;
            this.script = script;
        }

        boolean isAsleepOn(long word) {
            return asleep && sleepsOn == word;
        }

        boolean isEnded() {
            return ended;
        }
    }

    /** What happens beside the actors. */
    interface Events {
        /** All threads of the process stop here; the kernel does the rest. */
        void killed(int process);

        /** It sleeps, nobody can run, and its time is over. */
        void timedOut(Actor actor);
    }

    private final List<Actor> actors = new ArrayList<>();
    private final Meeting plan;
    private final int victim;
    private final int killAt;
    private final Events events;
    private final Semaphore over = new Semaphore(0);
    private boolean hasMet;
    private int left;
    private int deadProcess = -1;
    private boolean aborted;
    private long clock;
    private @Nullable Actor current;
    private @Nullable Throwable failure;

    /**
     * @param victim the actor whose process is killed, or -1
     * @param killAt at which of its steps
     */
    Stage(Meeting plan, int victim, int killAt, Events events) {
        this.plan = plan;
        this.victim = victim;
        this.killAt = killAt;
        this.events = events;
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    Actor actor(int index) {
        return actors.get(index);
    }

    boolean isRunning(int actor) {
        return actors.get(actor) == current;
    }

    int runningProcess() {
        return current().process;
    }

    int steps(int actor) {
        return actors.get(actor).steps;
    }

    boolean wasKilled() {
        return deadProcess >= 0;
    }

    long clock() {
        return clock;
    }

    /** Runs until everybody has ended, or sleeps without limit. */
    void play() {
        for (Actor actor : actors) {
            Thread.ofVirtual().start(() -> perform(actor));
        }
        passOn();
        over.acquireUninterruptibly();
        aborted = true;
        actors.forEach(actor -> actor.mayRun.release());
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    private void perform(Actor actor) {
        actor.mayRun.acquireUninterruptibly();
        try {
            if (!aborted && actor.process != deadProcess) {
                actor.script.run();
            }
        } catch (HeapWords.Killed expected) {
            assert aborted || actor.process == deadProcess;
        } catch (Throwable broken) {
            failure = failure == null ? broken : failure;
        }
        if (!aborted) {
            actor.ended = true;
            passOn();
        }
    }

    /** Before each step of the running actor; false when it is dead and nothing that it does has an effect any more. */
    boolean step() {
        if (aborted) {
            return false;
        }
        Actor me = current();
        if (me.process == deadProcess) {
            return false;
        }
        standBack(me);
        if (actors.indexOf(me) == victim && me.steps == killAt) {
            kill(me.process);
            throw new HeapWords.Killed();
        }
        me.steps++;
        return true;
    }

    private void kill(int process) {
        deadProcess = process;
        for (Actor actor : actors) {
            if (actor.process == process) {
                actor.ended = true;
                actor.asleep = false;
            }
        }
        events.killed(process);
    }

    /** Until it is woken, or its time is over. */
    void sleep(long word, long until) {
        Actor me = current();
        me.asleep = true;
        me.sleepsOn = word;
        me.until = until;
        standBack(me);
    }

    /** Wakes those who went to sleep first. */
    void wake(long word, int count) {
        int left = count;
        for (Actor actor : actors) {
            if (left > 0 && actor.isAsleepOn(word)) {
                actor.asleep = false;
                left--;
            }
        }
    }

    private Actor current() {
        if (current == null) {
            throw new AssertionError("nobody runs");
        }
        return current;
    }

    private void standBack(Actor me) {
        Actor next = next();
        if (next != me) {
            start(next);
            me.mayRun.acquireUninterruptibly();
            if (aborted || me.process == deadProcess) {
                throw new HeapWords.Killed();
            }
        }
    }

    private void passOn() {
        try {
            start(next());
        } catch (AssertionError broken) {
            failure = failure == null ? broken : failure;
            start(null);
        }
    }

    private void start(@Nullable Actor next) {
        current = next;
        if (next == null) {
            over.release();
        } else {
            next.mayRun.release();
        }
    }

    private static boolean canRun(Actor actor) {
        return !actor.ended && !actor.asleep;
    }

    /** Who makes the next step. */
    private @Nullable Actor next() {
        Actor one = actors.get(plan.one());
        Actor other = actors.get(plan.other());
        if (!hasMet && one == current && one.steps == plan.here()) {
            hasMet = true;
            left = plan.there();
            other.asleep &= other.sleepsOn != NOWHERE;
            if (canRun(other) && left > 0) {
                return other;
            }
        } else if (hasMet && other == current && left-- == 0 && canRun(one)) {
            return one;
        }
        if (current != null && canRun(current)) {
            return current;
        }
        for (Actor actor : actors) {
            if (canRun(actor)) {
                return actor;
            }
        }
        return timeOut();
    }

    private @Nullable Actor timeOut() {
        Actor first = null;
        for (Actor actor : actors) {
            if (!actor.ended && actor.until != FOREVER && (first == null || actor.until < first.until)) {
                first = actor;
            }
        }
        if (first != null) {
            clock = Math.max(clock, first.until);
            SimulatedWorld.require(clock < LONG_NANOS, "somebody gets on");
            events.timedOut(first);
            first.asleep = false;
        }
        return first;
    }
}
