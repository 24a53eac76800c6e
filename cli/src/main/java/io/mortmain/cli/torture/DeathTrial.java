package io.mortmain.cli.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * One holder, in C or in Java, of four mutexes in regions of their own, is struck by a fault; at each of the mutexes somebody waits: in
 * Java or in C, with or without another one who waits through Mortmain.
 */
final class DeathTrial implements Trial {
    /** What comes of a fault that the kernel reports, and of one that it does not. */
    private enum Reported {
        YES,
        NO
    }

    private record Post(Cell cell, Side acquirer, boolean listened) {}

    private final Side holder;
    private final Fault fault;
    private final List<Post> posts;

    private DeathTrial(String variant, Side holder, Fault fault, Reported reported) {
        this.holder = holder;
        this.fault = fault;
        String group = variant + (variant.isEmpty() ? "" : ": ") + holder.text() + " holder";
        List<Post> made = new ArrayList<>();
        for (Side acquirer : Side.values()) {
            for (boolean listened : new boolean[] {false, true}) {
                boolean hangs = reported == Reported.NO && acquirer == Side.C && !listened;
                String column =
                        acquirer.text() + " acquirer, " + (listened ? "a Mortmain waiter is there" : "nobody listens");
                made.add(new Post(new Cell(group, column, hangs ? "hangs" : "told"), acquirer, listened));
            }
        }
        this.posts = List.copyOf(made);
    }

    /** The kernel marks the word, and everybody is told. */
    static Trial reported(String variant, Side holder, Fault fault) {
        return new DeathTrial(variant, holder, fault, Reported.YES);
    }

    /** The kernel does not mark the word: who does not use Mortmain hangs, unless somebody who does is there. */
    static Trial unreported(String variant, Side holder, Fault fault) {
        return new DeathTrial(variant, holder, fault, Reported.NO);
    }

    @Override
    public List<Cell> cells() {
        return posts.stream().map(Post::cell).toList();
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        site.program();
        try (Hand hand = holder.start(site)) {
            String thread = fault.thread();
            fault.prepare(hand);
            List<Spot> spots = new ArrayList<>();
            for (int place = 0; place < posts.size(); place++) {
                Spot spot = site.region();
                spots.add(spot);
                hand.must(thread, holder.map(Integer.toString(place), spot));
                hand.must(thread, "lock " + place);
            }
            List<Waiting> waiting = new ArrayList<>();
            for (int place = 0; place < posts.size(); place++) {
                Post post = posts.get(place);
                waiting.add(Waiting.at(site, spots.get(place), post.acquirer(), post.listened()));
            }
            int tid = spots.getFirst().holder();
            fault.strike(site, hand, holder, posts.size());
            long since = fault.ending().end(site, hand, thread, tid);
            long gone = System.nanoTime();
            for (int place = 0; place < posts.size(); place++) {
                waiting.get(place).conclude(report, posts.get(place).cell(), tid, since, gone);
            }
        }
    }
}
