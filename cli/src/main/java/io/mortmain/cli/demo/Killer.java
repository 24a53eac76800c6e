package io.mortmain.cli.demo;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Does what the {@link Schedule} says, when it is due. */
final class Killer {
    /** The longest look-out for a holder, or for the next one. */
    private static final long LOOK_OUT_NANOS = 3_000_000;

    private final Schedule schedule;
    private final List<Actor> actors;
    private final HolderWord holder;
    private Schedule.Step step;
    private long due;

    Killer(Schedule schedule, List<Actor> actors, HolderWord holder) {
        this.schedule = schedule;
        this.actors = actors;
        this.holder = holder;
        this.step = schedule.next();
        this.due = System.nanoTime() + step.waitNanos();
    }

    /** Does the next step if its time has come; where nobody is there to do it to, it is left out. */
    void act() {
        if (System.nanoTime() - due < 0) {
            return;
        }
        if (step.kind() == DeathKind.SIGKILL) {
            kill();
        } else {
            order();
        }
        step = schedule.next();
        due = System.nanoTime() + step.waitNanos();
    }

    private void order() {
        Actor actor = pick(candidate -> isOfLanguage(candidate) && !candidate.isOrdered());
        if (actor != null) {
            actor.order(step.kind());
        }
    }

    private void kill() {
        boolean done = (step.aimed() && killFirst(this::isHolding)) || killAny();
        if (done && step.nextToo()) {
            killFirst(this::isHoldingInAnyLanguage);
        }
    }

    private boolean killAny() {
        Actor actor = pick(this::isOfLanguage);
        if (actor != null) {
            actor.kill();
        }
        return actor != null;
    }

    /** Kills the first that is seen like that, if one is seen in time. */
    private boolean killFirst(Predicate<Actor> isLikeThat) {
        long until = System.nanoTime() + LOOK_OUT_NANOS;
        do {
            for (Actor actor : actors) {
                if (isLikeThat.test(actor) && actor.isReady()) {
                    actor.kill();
                    return true;
                }
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - until < 0);
        return false;
    }

    private boolean isHolding(Actor actor) {
        return isOfLanguage(actor) && isHoldingInAnyLanguage(actor);
    }

    private boolean isHoldingInAnyLanguage(Actor actor) {
        long value = holder.value();
        return !HolderWord.isReleasing(value)
                && HolderWord.lifeIn(value) == actor.slot().life()
                && actor.slot().phase().certainlyHeld();
    }

    private boolean isOfLanguage(Actor actor) {
        return actor.isC() != step.onJava();
    }

    private @Nullable Actor pick(Predicate<Actor> suits) {
        List<Actor> candidates =
                actors.stream().filter(Actor::isReady).filter(suits).toList();
        return candidates.isEmpty() ? null : candidates.get(step.pick() % candidates.size());
    }
}
