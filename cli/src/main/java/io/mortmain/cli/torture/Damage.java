package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;

/** Faults A15 and A16: the memory under a held mutex goes away or is wiped. */
final class Damage {
    private static final int SIGBUS_EXIT = 128 + 7;
    private static final long PAGE = 4096;
    private static final Cell C_OLDER = new Cell("C holder, Java acquirer", "the holder's older mutex", "told");
    private static final Cell C_CUT = new Cell("C holder, Java acquirer", "the truncated one", "DAMAGED");
    private static final Cell JAVA_OLDER = new Cell("Java holder, Java acquirer", "the holder's older mutex", "told");
    private static final Cell JAVA_CUT = new Cell("Java holder, Java acquirer", "the truncated one", "DAMAGED");

    private Damage() {}

    static Row truncated() {
        return new Row(
                "A15",
                "the file is truncated under a held mutex, then the holder dies",
                List.of(
                        new OneCell("glibc alone, the holder's older mutex", "hangs", Damage::olderOfGlibc),
                        new OneCell("glibc alone, the truncated one", "SIGBUS", Damage::truncatedOfGlibc),
                        new Truncation(C, C_OLDER, C_CUT),
                        new Truncation(JAVA, JAVA_OLDER, JAVA_CUT)));
    }

    private static void truncate(Spot spot) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(spot.file().toFile(), "rw")) {
            file.setLength(0);
        }
    }

    /** A C process that holds the first and then the second, both of glibc alone; dead after this. */
    private static void dieHolding(Site site, Spot older, Spot cut) throws Exception {
        try (Hand holder = site.c()) {
            for (Spot spot : List.of(older, cut)) {
                String place = spot.equals(older) ? "0" : "1";
                holder.must("1", C.map(place, spot));
                holder.must("1", "init " + place + " 2");
                holder.must("1", "lock " + place);
            }
            truncate(cut);
            holder.kill();
            holder.awaitEnd();
        }
    }

    private static String olderOfGlibc(Site site) throws Exception {
        Spot older = site.plain();
        dieHolding(site, older, site.plain());
        Answer answer = Waiting.at(site, older, C, false).within(Waiting.HANG_MILLIS);
        return answer == null ? "hangs" : answer.outcome();
    }

    private static String truncatedOfGlibc(Site site) throws Exception {
        Spot cut = site.plain();
        try (Hand acquirer = site.c()) {
            acquirer.must("1", C.map("0", cut));
            dieHolding(site, site.plain(), cut);
            acquirer.send("1", "trylock 0");
            return acquirer.awaitEnd() == SIGBUS_EXIT ? "SIGBUS" : "exit code " + acquirer.awaitEnd();
        }
    }

    private record Truncation(Side side, Cell olderCell, Cell cutCell) implements Trial {
        @Override
        public List<Cell> cells() {
            return List.of(olderCell, cutCell);
        }

        @Override
        public void run(Site site, Report report) throws Exception {
            Spot older = site.region();
            Spot cut = site.region();
            try (Hand holder = side.start(site);
                    Hand acquirer = site.java()) {
                holder.must("1", side.map("0", older));
                holder.must("1", "lock 0");
                holder.must("1", side.map("1", cut));
                holder.must("1", "lock 1");
                acquirer.must("1", JAVA.map("0", older));
                acquirer.must("1", JAVA.map("1", cut));
                truncate(cut);
                long since = System.nanoTime();
                holder.kill();
                holder.awaitEnd();
                Answer ofOlder = acquirer.ask("1", "timed 0 3000");
                String outcome = ofOlder.code().equals(Answer.BUSY) ? "hangs" : ofOlder.outcome();
                report.got(olderCell, outcome, (ofOlder.nanos() - since) / 1e6);
                try {
                    report.got(cutCell, acquirer.ask("2", "trylock 1").outcome(), Double.NaN);
                } catch (HandGone died) {
                    report.got(cutCell, "the JVM died", Double.NaN);
                }
            }
        }
    }

    static Row punched() {
        return new Row(
                "A16",
                "a hole is punched into the file over a held mutex",
                List.of(
                        new OneCell("glibc alone", "two holders", site -> punched(site, site.plain(), C)),
                        new OneCell("C holder, Java acquirer", "DAMAGED", site -> punched(site, site.region(), JAVA)),
                        new OneCell("Java holder releases", "DAMAGED", Damage::releaseAfterPunch)));
    }

    private static void punch(Hand tool, Spot spot) throws InterruptedException {
        tool.must("2", "punch " + spot.file() + " " + (spot.offset() & -PAGE) + " " + PAGE);
    }

    private static String punched(Site site, Spot spot, Side acquirer) throws Exception {
        try (Hand holder = site.c();
                Hand other = acquirer.start(site)) {
            holder.must("1", C.map("0", spot));
            other.must("1", acquirer.map("0", spot));
            if (acquirer == C) {
                holder.must("1", "init 0 2");
            }
            holder.must("1", "lock 0");
            punch(holder, spot);
            String outcome = other.ask("1", "trylock 0").outcome();
            return outcome.equals("clean") ? "two holders" : outcome;
        }
    }

    private static String releaseAfterPunch(Site site) throws Exception {
        Spot spot = site.region();
        try (Hand tool = site.c();
                Hand holder = site.java()) {
            holder.must("1", JAVA.map("0", spot));
            holder.must("1", "lock 0");
            punch(tool, spot);
            return holder.ask("1", "unlock 0").outcome();
        }
    }
}
