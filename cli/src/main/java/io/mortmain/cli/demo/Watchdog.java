package io.mortmain.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** Sees to it that each worker makes progress: one that had no turn for {@link #HANG_NANOS}, its start included, hangs. */
final class Watchdog {
    /** Long beyond anything that a loaded machine does to a worker that does not hang. */
    static final long HANG_NANOS = 30_000_000_000L;

    private final List<Actor> actors;
    private final long[] turns;
    private final long[] since;

    Watchdog(List<Actor> actors) {
        this.actors = actors;
        this.turns = new long[actors.size()];
        this.since = new long[actors.size()];
        restart();
    }

    /** Forgets what was seen: each worker has the full time from now on. */
    void restart() {
        long now = System.nanoTime();
        for (Actor actor : actors) {
            turns[actor.index()] = actor.slot().turns();
            since[actor.index()] = now;
        }
    }

    /** Whether each worker had a turn since {@link #restart}. */
    boolean sawAllMove() {
        return actors.stream().allMatch(actor -> actor.slot().turns() != turns[actor.index()]);
    }

    /** Those that hang, in words. */
    List<String> hung() {
        List<String> hung = new ArrayList<>();
        long now = System.nanoTime();
        for (Actor actor : actors) {
            int index = actor.index();
            long seen = actor.slot().turns();
            if (seen != turns[index]) {
                turns[index] = seen;
                since[index] = now;
            } else if (now - since[index] > HANG_NANOS) {
                hung.add(actor.language() + " worker " + index + " hangs ("
                        + actor.slot().phase() + "): it had no turn for " + HANG_NANOS / 1_000_000_000 + " s");
            }
        }
        return hung;
    }
}
