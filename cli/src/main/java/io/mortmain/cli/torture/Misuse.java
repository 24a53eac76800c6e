package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;

import io.mortmain.cli.process.NotTried;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Table D: misuse and bad input, mostly as deeds in a JVM. */
final class Misuse {
    private static final String EPERM = "1";
    private static final String EDEADLK = "35";
    private static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";
    private static final String NO_MORE_CARRIERS = "-Djdk.virtualThreadScheduler.maxPoolSize=1";
    private static final int VERSION = 8;
    private static final int ABI = 12;

    private Misuse() {}

    static List<Row> rows() {
        return Stream.of(holds(), files(), threads(), surroundings())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> holds() {
        return List.of(
                row(
                        "D1",
                        "unlock by one who does not hold it",
                        new OneCell("glibc alone", "EPERM", Misuse::unlockOfGlibc),
                        new DeedTrial("Java", "NOT_HOLDER, word untouched", "close-by-another")),
                row(
                        "D2",
                        "relock by the holder",
                        new OneCell("glibc alone, normal", "waits for itself", site -> relock(site, 0)),
                        new OneCell("glibc alone, recursive", "counted", site -> relock(site, 1)),
                        new OneCell("glibc alone, error-checking", "EDEADLK", site -> relock(site, 2)),
                        new DeedTrial("Java, normal", "waits for itself", "relock-normal"),
                        new DeedTrial("Java, recursive", "counted", "relock-recursive"),
                        new DeedTrial("Java, error-checking", "WOULD_DEADLOCK", "relock-checking")),
                row(
                        "D3",
                        "region closed while this process holds or waits for a lock in it",
                        new DeedTrial("Java holds", "refused, naming mutex and thread", "close-held"),
                        new OneCell("Java waits", "refused, naming mutex and thread", Misuse::closeAwaited)));
    }

    private static List<Row> files() {
        return List.of(
                row("D4", "each byte of the header flipped", DeedTrial.alone("Java", "each refused", "flip-each-byte")),
                row(
                        "D5",
                        "a region of another version or ABI",
                        new DeedTrial("Java, another version", "INCOMPATIBLE", "forge " + VERSION),
                        new DeedTrial("Java, another ABI", "INCOMPATIBLE", "forge " + ABI)),
                row(
                        "D6",
                        "no space, no descriptors, no permission",
                        new DeedTrial("Java, more than /dev/shm has", "NO_SPACE", "too-large"),
                        DeedTrial.alone("Java, no more descriptors", "LIMIT_REACHED", "no-descriptors"),
                        DeedTrial.alone("Java, no permission", "NO_PERMISSION", "no-permission")),
                row(
                        "D7",
                        "twelve creators at once, in three processes",
                        new OneCell("Java", "one region for all", Misuse::createTogether)));
    }

    private static List<Row> threads() {
        return List.of(
                row(
                        "D8",
                        "hostile list pointers in shared memory",
                        DeedTrial.alone("Java", "not followed", "hostile-links")),
                row(
                        "D9",
                        "the same file opened twice in one process",
                        new DeedTrial("Java", "one mapping", "open-twice")),
                virtualThreads(),
                row(
                        "D11",
                        "interrupt and time-out while waiting",
                        new DeedTrial("Java, time-out", "within 50 ms", "times-out"),
                        new DeedTrial("Java, interrupt", "within 50 ms", "interrupted"),
                        new DeedTrial("Java, interrupted threads lock", "as a lock of the JDK", "flags")));
    }

    private static List<Row> surroundings() {
        return List.of(
                row(
                        "D12",
                        "a symbolic link or a foreign owner at the region's path",
                        new DeedTrial("Java, symbolic link", "NOT_SECURE", "symbolic-link"),
                        new DeedTrial("Java, foreign owner", "NOT_SECURE", "foreign-owner")),
                SharedFileSystem.row(),
                row(
                        "D14",
                        "regions opened and closed in turn, as many as two seconds have room for",
                        DeedTrial.alone(
                                "Java", "nothing grew", "many-regions", "-Xms16m", "-Xmx16m", "-XX:+AlwaysPreTouch")),
                row(
                        "D15",
                        "stack or heap end during lock and unlock",
                        DeedTrial.alone("Java, StackOverflowError", "happened or did not", "stack-ends"),
                        DeedTrial.alone("Java, OutOfMemoryError", "happened or did not", "heap-ends", "-Xmx16m")),
                row(
                        "D16",
                        "C code on the same thread takes, releases and unmaps mutexes between ours",
                        DeedTrial.alone("Java, released between", "C's lock is told, ours is free", "c-between"),
                        DeedTrial.alone("Java, unmapped below", "works, ours is free", "c-unmapped")),
                row(
                        "D17",
                        "a Hold closed twice, dropped; the library loaded twice",
                        new DeedTrial("Java, closed twice", "no effect", "close-twice"),
                        new OneCell("Java, dropped and collected", "waits; the leak is reported", Living::leak),
                        new DeedTrial("Java, two class loaders", "refused", "two-loaders")));
    }

    private static Row row(String id, String title, Trial... trials) {
        return new Row(id, title, List.of(trials));
    }

    private static Row virtualThreads() {
        return row(
                "D10",
                "virtual threads",
                DeedTrial.alone("holds, blocks inside", "works", "virtual-holds"),
                DeedTrial.alone("waits, with one carrier", "works", "virtual-waits", ONE_CARRIER, NO_MORE_CARRIERS),
                new OneCell("holds, its process is killed, C next", "told", Misuse::virtualDies));
    }

    private static String virtualDies(Site site) throws Exception {
        Spot spot = site.region();
        try (Hand holder = site.java();
                Hand next = site.c()) {
            String held = holder.ask("1", "deed virtual-keeps " + spot.file()).text();
            if (!held.equals("held")) {
                return held;
            }
            holder.kill();
            holder.awaitEnd();
            next.must("1", C.map("0", spot));
            return next.ask("1", "timed 0 2000").outcome();
        }
    }

    private static String unlockOfGlibc(Site site) throws Exception {
        Spot spot = site.plain();
        try (Hand hand = site.c()) {
            hand.must("1", C.map("0", spot));
            hand.must("1", "init 0 2");
            hand.must("1", "lock 0");
            String code = hand.ask("2", "unlock 0").code();
            return code.equals(EPERM) ? "EPERM" : code;
        }
    }

    private static String relock(Site site, int kind) throws Exception {
        Spot spot = site.plain();
        try (Hand hand = site.c()) {
            hand.must("1", C.map("0", spot));
            hand.must("1", "init 0 " + kind);
            hand.must("1", "lock 0");
            return switch (hand.ask("1", "timed 0 100").code()) {
                case Answer.DONE -> "counted";
                case EDEADLK -> "EDEADLK";
                case Answer.TIMED_OUT -> "waits for itself";
                case String another -> another;
            };
        }
    }

    private static String closeAwaited(Site site) throws Exception {
        Spot spot = site.region();
        try (Hand holder = site.c();
                Hand waiter = site.java()) {
            holder.must("1", C.map("0", spot));
            holder.must("1", "lock 0");
            waiter.must("1", Side.JAVA.map("0", spot));
            CompletableFuture<Answer> waiting = waiter.tell("waiting", "lock 0");
            for (int i = 0; i < 1000 && !spot.hasSleepers(); i++) {
                Thread.sleep(1);
            }
            Answer closed = waiter.ask("1", "close 0");
            holder.must("1", "unlock 0");
            Hand.answer(waiting);
            boolean named = closed.text().contains("mutex m0") && closed.text().contains("hand waiting");
            return closed.code().equals("IN_USE") && named
                    ? "refused, naming mutex and thread"
                    : closed.code() + " | " + closed.text();
        }
    }

    private static String createTogether(Site site) throws Exception {
        String order = "deed create-together " + site.newPath();
        List<Hand> processes = List.of(site.acquirer(), site.listener(), site.misuser());
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (Hand process : processes) {
            answers.add(process.tell(site.unique(), order));
        }
        List<String> counts = new ArrayList<>();
        for (CompletableFuture<Answer> answer : answers) {
            Answer counted = Hand.answer(answer);
            if (counted.code().equals(Answer.NO_SPACE)) {
                throw new NotTried(counted.text());
            }
            counts.add(counted.text());
        }
        String all = Integer.toString(RegionDeeds.together(processes.size()));
        return counts.contains(all) ? "one region for all" : String.join(", ", counts);
    }
}
