package io.mortmain.cli.torture;

import java.util.List;

/** The same fault with glibc alone: holder and acquirer in C, the mutex in a plain file. */
final class GlibcTrial implements Trial {
    private final Cell cell;
    private final Fault fault;

    GlibcTrial(String variant, String expected, Fault fault) {
        this.cell = Cell.alone("glibc alone" + (variant.isEmpty() ? "" : ", " + variant), expected);
        this.fault = fault;
    }

    @Override
    public List<Cell> cells() {
        return List.of(cell);
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        try (Hand hand = site.c()) {
            Spot spot = site.plain();
            String thread = fault.thread();
            fault.prepare(hand);
            hand.must(thread, Side.C.map("0", spot));
            hand.must(thread, "init 0 2");
            hand.must(thread, "lock 0");
            Waiting waiting = Waiting.at(site, spot, Side.C, false);
            int tid = spot.holder();
            fault.strike(site, hand, Side.C, 1);
            long since = fault.ending().end(site, hand, thread, tid);
            waiting.conclude(report, cell, tid, since, System.nanoTime());
        }
    }
}
