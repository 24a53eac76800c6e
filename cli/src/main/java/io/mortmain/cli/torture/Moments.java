package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.Region;
import io.mortmain.cli.process.NotTried;
import io.mortmain.errors.RegionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Table B: death at another moment than while holding. */
final class Moments {
    private static final int KILLS = 4;
    private static final int SHORTEST_LIFE_MILLIS = 5;
    private static final int LONGEST_LIFE_MILLIS = 100;
    private static final int WAITERS = 3;

    private Moments() {}

    static List<Row> rows() {
        return Stream.of(waiting(), recovering(), creating())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> waiting() {
        return List.of(
                new Row(
                        "B1",
                        "killed while waiting",
                        List.of(
                                new OneCell("glibc alone", "clean", site -> waiterKilled(site, site.plain(), C)),
                                new OneCell(
                                        "C waiter killed, Java next",
                                        "clean",
                                        site -> waiterKilled(site, site.region(), C)),
                                new OneCell(
                                        "Java waiter killed, C next",
                                        "clean",
                                        site -> waiterKilled(site, site.region(), JAVA)))),
                new Row(
                        "B2",
                        "a woken waiter is killed after a third took the lock",
                        List.of(
                                new OneCell(
                                        "glibc alone, the other waiter",
                                        "sleeps on a free mutex",
                                        site -> barged(site, site.plain(), C)),
                                new OneCell(
                                        "Java, the other waiter",
                                        "clean",
                                        site -> barged(site, site.region(), JAVA)))));
    }

    private static List<Row> recovering() {
        return List.of(
                EveryStep.row("B3", "lock"),
                EveryStep.row("B4", "unlock"),
                new Row(
                        "B5",
                        "killed while recovering",
                        List.of(
                                new OneCell(
                                        "glibc alone, before and after it is consistent",
                                        "told, told",
                                        site -> killedRecovering(site, site.plain(), C)),
                                new OneCell(
                                        "Java, before and after it is consistent",
                                        "told, told",
                                        site -> killedRecovering(site, site.region(), JAVA)))),
                new Row(
                        "B6",
                        "recovery gives up while three wait",
                        List.of(
                                new OneCell("glibc alone", "1 of 3 told", site -> gaveUp(site, site.plain(), C)),
                                new OneCell(
                                        "Java",
                                        "3 of 3 told, usable after reset",
                                        site -> gaveUp(site, site.region(), JAVA)))));
    }

    private static List<Row> creating() {
        return List.of(
                new Row(
                        "B7",
                        "killed while creating regions, at " + KILLS + " moments",
                        List.of(new OneCell("Java", "no half-made region", Moments::killedCreating))),
                new Row("B8", "killed in a transaction, or undoing one", Transactions.trials()),
                new Row("B9", "killed while changing shared data", SharedStructures.trials()),
                new Row(
                        "B10",
                        "the file is deleted or replaced while open",
                        List.of(new OneCell(
                                "Java", "NOT_FOUND, then NOT_A_REGION; those inside go on", Moments::replaced))));
    }

    private static Hand holding(Site site, Spot spot) throws Exception {
        Hand holder = site.c();
        holder.must("1", C.map("0", spot));
        if (spot.name().isEmpty()) {
            holder.must("1", "init 0 2");
        }
        holder.must("1", "lock 0");
        return holder;
    }

    private static Hand waiter(Site site, Spot spot, Side side) throws Exception {
        Hand waiter = side.start(site);
        waiter.must("1", side.map("0", spot));
        waiter.send("1", "lock 0");
        for (int i = 0; i < 1000 && !spot.hasSleepers(); i++) {
            Thread.sleep(1);
        }
        return waiter;
    }

    private static String waiterKilled(Site site, Spot spot, Side killed) throws Exception {
        try (Hand holder = holding(site, spot);
                Hand victim = waiter(site, spot, killed)) {
            Waiting next = Waiting.at(site, spot, spot.name().isEmpty() || killed == JAVA ? C : JAVA, false);
            victim.kill();
            victim.awaitEnd();
            holder.must("1", "unlock 0");
            Answer answer = next.within(Hand.GUARD_SECONDS * 1000);
            return answer == null ? "hangs" : answer.outcome();
        }
    }

    private static String barged(Site site, Spot spot, Side other) throws Exception {
        try (Hand holder = holding(site, spot);
                Hand victim = waiter(site, spot, C)) {
            Thread.sleep(20); // the victim is the first in the queue
            Waiting next = Waiting.at(site, spot, other, false);
            Thread.sleep(20);
            Answer barge = holder.ask("1", "barge 0 " + victim.pid());
            if (!barge.isDone()) {
                throw new NotTried("the real-time priority that decides the race is refused: run as root");
            }
            victim.awaitEnd();
            Answer answer = next.within(Waiting.HANG_MILLIS);
            if (answer != null) {
                next.release(answer);
                return answer.outcome();
            }
            return spot.holder() == 0 ? "sleeps on a free mutex" : "hangs";
        }
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(Condition condition) throws Exception {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(Hand.GUARD_SECONDS);
        while (!condition.holds() && System.nanoTime() - guard < 0) {
            Thread.sleep(1);
        }
    }

    static int life() {
        return ThreadLocalRandom.current().nextInt(SHORTEST_LIFE_MILLIS, LONGEST_LIFE_MILLIS);
    }

    private static String killedRecovering(Site site, Spot spot, Side side) throws Exception {
        try (Hand holder = holding(site, spot)) {
            holder.kill();
            holder.awaitEnd();
        }
        List<String> outcomes = new ArrayList<>();
        for (boolean consistent : new boolean[] {false, true}) {
            try (Hand recoverer = side.start(site)) {
                recoverer.must("1", side.map("0", spot));
                Answer first = recoverer.ask("1", "lock 0");
                if (!first.isTold()) {
                    return first.outcome();
                }
                if (consistent) {
                    recoverer.must("1", "consistent 0");
                }
                recoverer.kill();
                recoverer.awaitEnd();
            }
            try (Hand next = site.c()) {
                next.must("1", C.map("0", spot));
                outcomes.add(next.ask("1", "timed 0 2000").outcome());
                next.kill();
                next.awaitEnd();
            }
        }
        return String.join(", ", outcomes);
    }

    private static String gaveUp(Site site, Spot spot, Side side) throws Exception {
        try (Hand holder = holding(site, spot)) {
            holder.kill();
            holder.awaitEnd();
        }
        try (Hand quitter = side.start(site)) {
            quitter.must("1", side.map("0", spot));
            Answer told = quitter.ask("1", "lock 0");
            if (!told.isTold()) {
                return told.outcome();
            }
            List<Waiting> waiting = new ArrayList<>();
            for (int i = 0; i < WAITERS; i++) {
                waiting.add(Waiting.at(site, spot, side, false));
            }
            Thread.sleep(20); // all of them sleep
            quitter.must("1", "unlock 0");
            int refused = 0;
            for (Waiting one : waiting) {
                Answer answer = one.within(Waiting.HANG_MILLIS);
                refused += answer != null && answer.code().equals(Answer.NOT_RECOVERABLE) ? 1 : 0;
            }
            String seen = refused + " of " + WAITERS + " told";
            if (side == C) {
                return seen;
            }
            quitter.must("1", "reset 0");
            return seen + ", "
                    + (quitter.ask("1", "lock 0").isDone() ? "usable after reset" : "not usable after reset");
        }
    }

    private static String killedCreating(Site site) throws Exception {
        int made = 0;
        for (int i = 0; i < KILLS; i++) {
            Path prefix = site.newPath();
            try (Hand victim = site.java()) {
                CompletableFuture<Answer> failed = victim.tell("1", "deed create-regions " + prefix);
                until(() -> !filesOf(prefix).isEmpty() || failed.isDone());
                if (failed.isDone()) {
                    throw new NotTried(
                            "regions cannot be created: " + Hand.answer(failed).text());
                }
                Thread.sleep(life());
                victim.kill();
                victim.awaitEnd();
            }
            List<Path> files = filesOf(prefix);
            for (Path file : files) {
                try {
                    Region.inspect(file.toString());
                } catch (RegionException halfMade) {
                    return "a half-made region: " + halfMade.getMessage();
                } finally {
                    Files.deleteIfExists(file);
                }
            }
            made += files.size();
        }
        return made == 0 ? "nothing was created" : "no half-made region | " + made + " regions";
    }

    private static List<Path> filesOf(Path prefix) throws java.io.IOException {
        try (Stream<Path> all = Files.list(prefix.getParent())) {
            String start = prefix.getFileName() + "-";
            return all.filter(file -> file.getFileName().toString().startsWith(start))
                    .toList();
        }
    }

    private static String replaced(Site site) throws Exception {
        Spot spot = site.region();
        Hand one = site.acquirer();
        Hand another = site.listener();
        String place = site.unique();
        one.must(place, JAVA.map(place, spot));
        another.must(place, JAVA.map(place, spot));
        Hand newcomer = site.misuser();
        Files.delete(spot.file());
        String first = newcomer.ask(place, JAVA.map(place, spot)).code();
        Files.write(spot.file(), new byte[1 << 16]);
        String second = newcomer.ask(place, JAVA.map(place, spot)).code();
        one.must(place, "lock " + place);
        boolean excluded = another.ask(place, "trylock " + place).code().equals(Answer.BUSY);
        one.must(place, "unlock " + place);
        another.must(place, "lock " + place);
        another.must(place, "unlock " + place);
        return first + ", then " + second + (excluded ? "; those inside go on" : "; both hold");
    }
}
