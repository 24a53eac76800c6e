package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.MutexKind;
import io.mortmain.cli.process.NotTried;
import java.util.List;

/** Fault A18. Runs in a PID namespace of its own, in which it may say which number is given next. */
final class ReusedNumber implements Trial {
    private static final int ATTEMPTS = 30;
    private static final int NORMAL = 0;
    private static final int RECURSIVE = 1;

    private static final Cell GLIBC_NORMAL = Cell.alone("glibc alone, normal, the new thread locks", "hangs");
    private static final Cell GLIBC_RECURSIVE =
            Cell.alone("glibc alone, recursive, the new thread locks", "false success");
    private static final Cell OTHERS = Cell.alone("C holder, the new thread lives on, Java acquirer", "told");
    private static final Cell OWN = Cell.alone("C holder, recursive, the Java acquirer is the new thread", "told");

    @Override
    public List<Cell> cells() {
        return List.of(GLIBC_NORMAL, GLIBC_RECURSIVE, OTHERS, OWN);
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        try (Hand tool = site.c()) {
            ofGlibc(site, report, tool, GLIBC_NORMAL, NORMAL);
            ofGlibc(site, report, tool, GLIBC_RECURSIVE, RECURSIVE);
            lockedBesideTheNewThread(site, report, tool);
            lockedByTheNewThread(site, report, tool);
        }
    }

    /** The number of a main thread that died unmarked while it held the mutex. */
    private static int diedUnmarked(Site site, Spot spot, int kind) throws Exception {
        try (Hand holder = site.c()) {
            holder.must("m", C.map("0", spot));
            if (spot.name().isEmpty()) {
                holder.must("m", "init 0 " + kind);
            }
            holder.must("m", "lock 0");
            int tid = spot.holder();
            holder.must("m", "spoil 0 unmap");
            holder.kill();
            holder.awaitEnd();
            return tid;
        }
    }

    /** A process whose main thread has this number. */
    private static Hand withNumber(Site site, Hand tool, int tid) throws Exception {
        for (int i = 0; i < ATTEMPTS; i++) {
            sayNext(tool, tid);
            Hand hand = site.c();
            if (hand.ask("m", "tid").code().equals(Integer.toString(tid))) {
                return hand;
            }
            hand.kill();
            hand.awaitEnd();
        }
        throw new NotTried("thread number " + tid + " was not given again in " + ATTEMPTS + " attempts");
    }

    private static void sayNext(Hand tool, int tid) throws InterruptedException {
        if (!tool.ask("1", "next-tid " + tid).isDone()) {
            throw new NotTried("/proc/sys/kernel/ns_last_pid cannot be written");
        }
    }

    private static void ofGlibc(Site site, Report report, Hand tool, Cell cell, int kind) throws Exception {
        Spot spot = site.plain();
        int tid = diedUnmarked(site, spot, kind);
        try (Hand fresh = withNumber(site, tool, tid)) {
            fresh.must("m", C.map("0", spot));
            Answer answer = fresh.ask("m", "timed 0 " + Waiting.HANG_MILLIS);
            report.got(
                    cell,
                    switch (answer.code()) {
                        case Answer.TIMED_OUT -> "hangs";
                        case Answer.DONE -> "false success";
                        default -> answer.outcome();
                    },
                    Double.NaN);
        }
    }

    private static String outcome(Answer answer) {
        return answer.code().equals(Answer.BUSY) ? "hangs" : answer.isDone() ? "false success" : answer.outcome();
    }

    private static void lockedBesideTheNewThread(Site site, Report report, Hand tool) throws Exception {
        Spot spot = site.region(MutexKind.NORMAL);
        int tid = diedUnmarked(site, spot, NORMAL);
        Hand acquirer = site.acquirer();
        String thread = site.unique();
        acquirer.must(thread, JAVA.map(thread, spot));
        try (Hand fresh = withNumber(site, tool, tid)) {
            long since = System.nanoTime();
            Answer answer = acquirer.ask(thread, "timed " + thread + " 3000");
            report.got(OTHERS, outcome(answer), (answer.nanos() - since) / 1e6);
        }
    }

    private static void lockedByTheNewThread(Site site, Report report, Hand tool) throws Exception {
        Spot spot = site.region(MutexKind.RECURSIVE);
        int tid = diedUnmarked(site, spot, RECURSIVE);
        Hand acquirer = site.acquirer();
        String place = site.unique();
        acquirer.must(place, JAVA.map(place, spot));
        for (int i = 0; i < ATTEMPTS; i++) {
            sayNext(tool, tid);
            String thread = site.unique();
            if (acquirer.ask(thread, "tid").code().equals(Integer.toString(tid))) {
                long since = System.nanoTime();
                Answer answer = acquirer.ask(thread, "timed " + place + " 3000");
                report.got(OWN, outcome(answer), (answer.nanos() - since) / 1e6);
                return;
            }
            acquirer.send(thread, "end");
        }
        report.notTried(OWN, "thread number " + tid + " was not given again in " + ATTEMPTS + " attempts");
    }
}
