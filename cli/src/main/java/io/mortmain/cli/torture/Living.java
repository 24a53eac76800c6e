package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.cli.process.NotTried;
import java.util.List;

/** Faults A6, A21 and A24: the holder lives, and must not be robbed. */
final class Living {
    private static final String WAITS = "waits";
    private static final long LOOK_MILLIS = 400;

    private Living() {}

    static Row unmapsAndLivesOn() {
        return new Row(
                "A6",
                "the holder unmaps the memory and lives on",
                List.of(
                        new OneCell("glibc alone", "hangs", site -> afterUnmapping(site, site.plain(), C, "hangs")),
                        new OneCell(
                                "C holder, Java acquirer",
                                WAITS,
                                site -> afterUnmapping(site, site.region(), JAVA, WAITS)),
                        new DeedTrial(
                                "Java holder closes the region", "refused, naming mutex and thread", "close-held"),
                        new Untried(
                                Cell.alone("C holder, shown as orphaned and healed", "healed"),
                                "there is no 'mortmain ps' and no 'mortmain heal' yet")));
    }

    private static String afterUnmapping(Site site, Spot spot, Side acquirer, String ifWaits) throws Exception {
        try (Hand holder = site.c()) {
            holder.must("1", C.map("0", spot));
            if (spot.name().isEmpty()) {
                holder.must("1", "init 0 2");
            }
            holder.must("1", "lock 0");
            holder.must("1", "spoil 0 unmap");
            Waiting waiting = Waiting.at(site, spot, acquirer, false);
            Answer answer = waiting.within(LOOK_MILLIS);
            return answer == null ? ifWaits : answer.outcome();
        }
    }

    static Row stopped() {
        return new Row(
                "A21",
                "the holder is stopped",
                List.of(
                        stoppedBySignal(C, C),
                        stoppedBySignal(C, JAVA),
                        stoppedBySignal(JAVA, C),
                        stoppedBySignal(JAVA, JAVA),
                        new OneCell("by ptrace: C holder, Java acquirer", "waits, then clean", site -> traced(site, C)),
                        new OneCell(
                                "by ptrace: Java holder, Java acquirer",
                                "waits, then clean",
                                site -> traced(site, JAVA)),
                        new CoreDumpTrial("by its core dump: C holder, Java acquirer", "waits, then told")));
    }

    private static Trial stoppedBySignal(Side holder, Side acquirer) {
        return new OneCell(
                "by SIGSTOP: " + holder.text() + " holder, " + acquirer.text()
                        + " acquirer, a Mortmain waiter is there",
                "waits, then clean",
                site -> {
                    try (Hand tool = site.c();
                            Hand hand = holder.start(site)) {
                        String pid = Long.toString(hand.pid());
                        return whileStopped(
                                site,
                                hand,
                                holder,
                                acquirer,
                                spot -> tool.must("1", "signal " + pid + " 19"),
                                spot -> tool.must("1", "signal " + pid + " 18"));
                    }
                });
    }

    private static String traced(Site site, Side holder) throws Exception {
        try (Hand tool = site.c();
                Hand hand = holder.start(site)) {
            return whileStopped(
                    site,
                    hand,
                    holder,
                    JAVA,
                    spot -> {
                        if (!tool.ask("1", "trace " + spot.holder()).isDone()) {
                            throw new NotTried("ptrace is refused");
                        }
                    },
                    spot -> tool.must("1", "untrace " + spot.holder()));
        }
    }

    private interface Step {
        void take(Spot spot) throws InterruptedException;
    }

    private static String whileStopped(Site site, Hand hand, Side holder, Side acquirer, Step stop, Step go)
            throws Exception {
        Spot spot = site.region();
        hand.must("1", holder.map("0", spot));
        hand.must("1", "lock 0");
        Waiting waiting = Waiting.at(site, spot, acquirer, true);
        stop.take(spot);
        Answer early = waiting.within(LOOK_MILLIS);
        go.take(spot);
        if (early != null) {
            return early.outcome() + " while the holder was stopped";
        }
        hand.must("1", "unlock 0");
        Answer late = waiting.within(Hand.GUARD_SECONDS * 1000);
        if (late != null) {
            waiting.release(late);
        }
        return late == null ? "waits, then hangs" : "waits, then " + late.outcome();
    }

    static Row forgotten() {
        return new Row(
                "A24",
                "code forgets to unlock and lives on",
                List.of(
                        new OneCell("Java holder, Java acquirer", "waits; the leak is reported", Living::leak),
                        new Untried(
                                Cell.alone("the age of the hold is shown", "shown"), "there is no 'mortmain ps' yet")));
    }

    /** Also of D17. */
    static String leak(Site site) throws Exception {
        Spot spot = site.region();
        try (Hand hand = site.java("-Dio.mortmain.trackHolds=true")) {
            hand.must("1", JAVA.map("0", spot));
            hand.must("1", "lock 0");
            hand.must("1", "drop 0");
            Waiting waiting = Waiting.at(site, spot, JAVA, false);
            boolean reported = false;
            for (int i = 0; i < 50 && !reported; i++) {
                hand.must("2", "collect");
                Thread.sleep(10);
                reported = hand.saidOnError().contains("was dropped without close");
            }
            Answer answer = waiting.within(LOOK_MILLIS);
            return (answer == null ? WAITS : answer.outcome()) + (reported ? "; the leak is reported" : "; no report");
        }
    }
}
