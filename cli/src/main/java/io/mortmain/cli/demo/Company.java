package io.mortmain.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All workers: notices each death, enters it in the book, and starts the worker again. Used by one thread, and by {@link #end}. */
final class Company {
    private static final int ORDERLY = 0;

    private final List<Actor> actors;
    private final ToldLog log;
    private final HolderWord holder;
    private final DeathBook book;
    private final List<String> problems = new ArrayList<>();
    private long kills;
    private boolean sentHome;

    Company(Cast cast, SharedLongs bank, DeathBook book) {
        this.actors = IntStream.range(0, cast.workers())
                .mapToObj(index -> new Actor(cast, index, new Slot(bank, index)))
                .toList();
        this.log = new ToldLog(bank);
        this.holder = new HolderWord(bank);
        this.book = book;
    }

    List<Actor> actors() {
        return actors;
    }

    /** Processes that ended by a SIGKILL. */
    long kills() {
        return kills;
    }

    /** Workers that ended though nobody killed or ordered them: a defect, with which the demo stops. */
    List<String> problems() {
        return problems;
    }

    /** Of all, the dead included. */
    long transfers() {
        return actors.stream().mapToLong(actor -> actor.slot().transfers()).sum();
    }

    void start() {
        for (Actor actor : actors) {
            actor.start();
        }
    }

    /** Looks at everybody once. */
    void lookAround() {
        for (Actor actor : actors) {
            boolean ended = !actor.isRunning();
            noteLastWords(actor);
            if (ended && !(sentHome && actor.isHome())) {
                noteEnd(actor);
            }
        }
        book.told(log.readNew());
    }

    private void noteLastWords(Actor actor) {
        Slot slot = actor.slot();
        long life = slot.lastWordsLife();
        if (life != Slot.NOBODY && !book.knows(life)) {
            Phase phase = actor.isC() ? Phase.WRITING : Phase.HOLDING; // where orders are obeyed
            book.died(life, slot.lastWordsKind(), phase, slot.lastWordsTime(), holder.turns());
            actor.orderDone();
        }
    }

    private void noteEnd(Actor actor) {
        Slot slot = actor.slot();
        long life = actor.hadBegun() ? slot.life() : Slot.NOBODY;
        if (actor.endedByKill()) {
            kills++;
            boolean between = life == Slot.NOBODY || book.knows(life);
            book.died(
                    between ? Slot.NOBODY : life,
                    DeathKind.SIGKILL,
                    between ? Phase.ELSEWHERE : slot.phase(),
                    actor.killedAt(),
                    holder.turns());
        } else if (life == Slot.NOBODY || slot.lastWordsLife() != life) {
            boolean orderly = sentHome && actor.exitCode() == ORDERLY;
            if (!orderly) {
                problems.add(actor.unexpectedEnd());
            }
        }
        if (sentHome || !problems.isEmpty()) {
            actor.stayHome();
        } else {
            actor.start();
        }
    }

    /** Nobody is started any more, and who lives ends after its turn. */
    void sendHome() {
        sentHome = true;
        for (Actor actor : actors) {
            actor.slot().order(Slot.GO_HOME);
        }
    }

    boolean isHome() {
        return actors.stream().allMatch(Actor::isHome);
    }

    /** Kills everybody, for good. */
    void end() {
        actors.forEach(Actor::end);
    }
}
