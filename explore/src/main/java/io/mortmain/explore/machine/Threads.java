package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.explore.machine.World.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * The code of the threads: where each stands in it, and what it asks next. That of a living one is its {@link Script}, that of one that was
 * killed is the kernel's {@link RobustWalk}.
 */
final class Threads {
    private final List<Actor> actors;
    private final List<Player> players = new ArrayList<>();
    private final List<Script> walks = new ArrayList<>();
    private final List<History> beginnings = new ArrayList<>();
    private final List<History> deaths = new ArrayList<>();
    private final History.Book book;

    /**
     * Of these.
     *
     * @param walkLimit how many links of a dead thread's list the kernel follows
     * @param merges whether ways to one place are one
     */
    Threads(List<Actor> actors, MemoryMap map, int walkLimit, boolean merges) {
        this.actors = actors;
        this.book = new History.Book(merges);
        for (int i = 0; i < actors.size(); i++) {
            int threadId = actors.get(i).threadId();
            long head = MemoryMap.head(i);
            players.add(new Player(i, actors.get(i), map));
            walks.add(player -> {
                SeamOf seam = new SeamOf(player);
                new RobustWalk(seam.words(), seam.kernel(), head, threadId, walkLimit).run();
            });
            beginnings.add(book.beginning(players.get(i), actors.get(i).script()));
            deaths.add(book.beginning(players.get(i), walks.get(i)));
        }
    }

    /** What the thread asks next. */
    Access next(World world, int thread) {
        return book.get(world.history(thread)).next();
    }

    void begin(World world, int thread) {
        stand(world, thread, beginnings.get(thread));
    }

    /** The kernel's walk begins. */
    void beginWalk(World world, int thread) {
        stand(world, thread, deaths.get(thread));
    }

    /** The thread goes on with the answer. */
    void answer(World world, int thread, long answer) {
        Script script = world.status(thread) == Status.DYING
                ? walks.get(thread)
                : actors.get(thread).script();
        stand(world, thread, book.after(book.get(world.history(thread)), answer, thread, players.get(thread), script));
    }

    /** The thread goes on from a landmark. */
    void passLandmark(World world, int thread) {
        Script script = actors.get(thread).script();
        History here = book.get(world.history(thread));
        stand(world, thread, book.afterLandmark(here, thread, players.get(thread), script));
    }

    private void stand(World world, int thread, History history) {
        if (history.next().kind() == Kind.FAIL) {
            throw new Violation(
                    Rule.OWN_CODE,
                    actors.get(thread).name() + ": "
                            + Failures.of(history.next().first()));
        }
        world.setHistory(thread, history.id());
    }
}
