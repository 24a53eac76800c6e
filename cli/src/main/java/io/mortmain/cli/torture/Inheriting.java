package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;

import java.util.List;

/**
 * Fault A23: a mutex with priority inheritance, which C programs take and Java does not, and whose holder died unmarked. Until there is a
 * command that heals it, the library's takeover is called as such a command would call it.
 */
final class Inheriting {
    private static final int SIGABRT_EXIT = 128 + 6;

    private Inheriting() {}

    static Row diedUnmarked() {
        return new Row(
                "A23",
                "a priority-inheriting mutex of C programs, its holder died unmarked",
                List.of(
                        new OneCell("glibc alone", "the next acquirer aborts", Inheriting::ofGlibc),
                        new OneCell(
                                "C holder, C acquirer, the library's takeover between",
                                "marked, then told",
                                Inheriting::takenOver),
                        new OneCell(
                                "C holder lives, the library's takeover tries",
                                "not marked, then busy",
                                Inheriting::livingHolder)));
    }

    private static Hand holding(Site site, Spot spot) throws Exception {
        Hand holder = site.c();
        holder.must("1", C.map("0", spot));
        holder.must("1", "init-inheriting 0");
        holder.must("1", "lock 0");
        return holder;
    }

    /** The number of a thread that is gone, and still stands in the word. */
    private static int diedUnmarked(Site site, Spot spot) throws Exception {
        try (Hand holder = holding(site, spot)) {
            int tid = spot.holder();
            holder.must("1", "spoil 0 unmap");
            holder.kill();
            holder.awaitEnd();
            if (spot.word() != tid) {
                throw new IllegalStateException("the kernel marked it");
            }
            return tid;
        }
    }

    private static String ofGlibc(Site site) throws Exception {
        Spot spot = site.plain();
        diedUnmarked(site, spot);
        try (Hand acquirer = site.c()) {
            acquirer.must("1", C.map("0", spot));
            try {
                return acquirer.ask("1", "timed 0 " + Waiting.HANG_MILLIS).outcome();
            } catch (HandGone ended) {
                int code = acquirer.awaitEnd();
                return code == SIGABRT_EXIT ? "the next acquirer aborts" : "exit code " + code;
            }
        }
    }

    private static String takenOver(Site site) throws Exception {
        Spot spot = site.memory();
        int tid = diedUnmarked(site, spot);
        String marked = takeOver(site, spot, tid);
        try (Hand acquirer = site.c()) {
            acquirer.must("1", C.map("0", spot));
            Answer answer = acquirer.ask("1", "timed 0 3000");
            if (answer.isTold()) {
                acquirer.must("1", "consistent 0");
                acquirer.must("1", "unlock 0");
                acquirer.must("1", "lock 0"); // sound again
            }
            return marked + ", then " + answer.outcome();
        }
    }

    private static String livingHolder(Site site) throws Exception {
        Spot spot = site.memory();
        try (Hand holder = holding(site, spot);
                Hand other = site.c()) {
            String marked = takeOver(site, spot, spot.holder());
            other.must("1", C.map("0", spot));
            String outcome = other.ask("1", "trylock 0").outcome();
            holder.must("1", "unlock 0");
            return marked + ", then " + outcome;
        }
    }

    private static String takeOver(Site site, Spot spot, int tid) throws Exception {
        Answer answer = site.misuser().ask(site.unique(), "deed take-over " + tid + " " + spot.file());
        return answer.isDone() ? answer.text() : answer.code();
    }
}
